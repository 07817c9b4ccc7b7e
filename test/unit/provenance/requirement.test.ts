import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LINK_STATES } from '#lib/provenance/link-state.ts';
import { REQUIREMENTS, type RequiredFacts, unmetRequirements } from '#lib/provenance/requirement.ts';
import { VERIFICATION_OUTCOMES } from '#lib/provenance/verification.ts';

const EXPECTED = { model: 'granite', version: null, isMet: true, sentence: 'x' };
const CHAIN = { weakest: 'verified', sentence: 'x', since: 0 } as const;
const FINDING = { id: 'fnd_1', kind: 'x', statement: 'x', firstAt: 0 };
const BEST: RequiredFacts = { outcome: 'verified', expected: EXPECTED, chain: CHAIN, findings: [], notices: [] };
const unmet = (facts: Partial<RequiredFacts>) =>
  unmetRequirements({ ...BEST, ...facts }, REQUIREMENTS).map((reason) => reason.split(': ')[1]);

describe('unmetRequirements', () => {
  it('finds nothing wrong where everything holds', () => {
    expect(unmet({})).toEqual([]);
  });

  it('tells a signature that no log has from one by somebody else, and both from none', () => {
    expect(unmet({ outcome: 'signed-not-logged' })).toEqual(['logged']);
    expect(unmet({ outcome: 'unexpected-signer' })).toEqual(['signed', 'logged']);
    expect(unmet({ outcome: 'unsigned' })).toEqual(['signed', 'logged']);
  });

  it.each(['partial', 'differs', 'not-comparable', 'unknown'] as const)(
    'holds nothing for met of %s files',
    (outcome) => {
      expect(unmet({ outcome })).toEqual(REQUIREMENTS);
    },
  );

  it('takes nothing that is not known for met', () => {
    expect(unmet({ expected: null })).toEqual(['expected']);
    expect(unmet({ expected: { ...EXPECTED, isMet: false } })).toEqual(['expected']);
    expect(unmet({ chain: null })).toEqual(['chain']);
    expect(unmet({ chain: { ...CHAIN, weakest: null } })).toEqual(['chain']);
    expect(unmet({ findings: [FINDING] })).toEqual(['no-findings']);
  });

  it('refuses what is part of an incident or retracted, whatever is required', () => {
    const refusing = { refuses: true, sentence: 'Refused: part of incident #7.' };
    const told = { refuses: false, sentence: 'Looked into: incident #8.' };
    expect(unmetRequirements({ ...BEST, notices: [told, refusing] }, [])).toEqual([refusing.sentence]);
  });

  it('demands more with each requirement, never less', () => {
    const facts = fc.record({
      outcome: fc.constantFrom(...VERIFICATION_OUTCOMES),
      expected: fc.constantFrom(null, EXPECTED, { ...EXPECTED, isMet: false }),
      chain: fc.option(
        fc.record({ weakest: fc.constantFrom(null, ...LINK_STATES) }).map((more) => ({ ...CHAIN, ...more })),
      ),
      findings: fc.constantFrom([], [FINDING]),
    });
    const some = fc.subarray([...REQUIREMENTS]);
    fc.assert(
      fc.property(facts, some, some, (answer, a, b) => {
        const both = unmetRequirements(answer, [...a, ...b]);
        for (const reason of unmetRequirements(answer, a)) expect(both).toContain(reason);
      }),
    );
  });
});
