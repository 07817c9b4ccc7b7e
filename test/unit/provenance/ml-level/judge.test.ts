import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeBest, judgeMlLevel, ML_LEVEL_RULES, missingForNext } from '#lib/provenance/ml-level/judge.ts';
import type { LevelFacts } from '#lib/provenance/ml-level/level-facts.ts';
import { mintLevelFacts, mintStatement, mintVersion, SIGNER, TABLE } from './mint.ts';
import { EVIDENCE_TAKEAWAYS, STATEMENT_TAKEAWAYS, signedBy, unsigned } from './takeaways.ts';

const failing = (facts: LevelFacts) =>
  judgeMlLevel(facts)
    .checks.filter(({ outcome }) => outcome !== 'met')
    .map(({ id }) => id);

/** Facts from which some things were taken: at most one of the statement's own fields. */
const weakened = fc
  .tuple(fc.subarray([...EVIDENCE_TAKEAWAYS]), fc.option(fc.constantFrom(...STATEMENT_TAKEAWAYS)))
  .map(([evidence, statement]) => (statement ? [statement, ...evidence] : evidence));
const takeAll = (taken: readonly { take(facts: LevelFacts): LevelFacts }[], from = mintLevelFacts()) =>
  taken.reduce((facts, { take }) => take(facts), from);

describe('levels', () => {
  it('reach 4, with SLSA Build 3 and Source 4, where everything is shown', () => {
    const judged = judgeMlLevel(mintLevelFacts());
    expect(failing(mintLevelFacts())).toEqual([]);
    expect(judged).toMatchObject({ level: 4, slsaBuild: { level: 3 }, slsaSource: { level: 4 } });
    expect(missingForNext(judged)).toEqual([]);
  });

  it('are none where nobody with a say states any provenance, and nothing is read from nothing', () => {
    const judged = judgeMlLevel(mintLevelFacts({ statement: null }));
    expect(judged).toMatchObject({ level: 0, slsaBuild: { level: 0 }, slsaSource: { level: null }, bundleId: null });
    const met = judged.checks.filter(({ outcome }) => outcome === 'met').map(({ id }) => id);
    expect(met).toEqual(['2.14', '4.7']);
  });

  it('have the checks of the list, each with a title, what it reads, and what to do', () => {
    const ids = Object.values(ML_LEVEL_RULES).flatMap((rules) => rules.map(({ id }) => id));
    const upTo = (level: number, count: number) => Array.from({ length: count }, (_, i) => `${level}.${i + 1}`);
    expect(ids).toEqual([...upTo(1, 8), ...upTo(2, 14), ...upTo(3, 8), ...upTo(4, 8)]);
    for (const { title, reads, mend } of Object.values(ML_LEVEL_RULES).flat()) {
      expect(title).toMatch(/^[A-Z].*[^.]$/);
      expect(reads).toMatch(
        /^(?:Statement|Signature|Certificate|Log|Configuration|Sources|Receipts|Graph|Source VSA|Test result)\b/,
      );
      expect(mend).toMatch(/\.$/);
    }
  });

  it.each([...EVIDENCE_TAKEAWAYS, ...STATEMENT_TAKEAWAYS])(
    'fail $fails, and nothing else, without $what',
    ({ take, fails }) => {
      const facts = take(mintLevelFacts());
      expect(failing(facts)).toEqual([...fails]);
      const [first] = fails;
      expect(judgeMlLevel(facts).level).toBe(Number(first?.split('.')[0]) - 1);
    },
  );

  it('never rise when something is taken away', () => {
    fc.assert(
      fc.property(weakened, fc.constantFrom(...EVIDENCE_TAKEAWAYS), (taken, more) => {
        const before = judgeMlLevel(takeAll(taken));
        const after = judgeMlLevel(takeAll([...taken, more]));
        expect(after.level).toBeLessThanOrEqual(before.level);
        expect(after.slsaBuild.level).toBeLessThanOrEqual(before.slsaBuild.level);
        expect(after.slsaSource.level ?? 0).toBeLessThanOrEqual(before.slsaSource.level ?? 0);
      }),
    );
  });

  it('never count while a check of theirs or below is not met, and never stop short', () => {
    fc.assert(
      fc.property(weakened, (taken) => {
        const { level, checks } = judgeMlLevel(takeAll(taken));
        const open = checks.filter(({ outcome }) => outcome !== 'met').map((check) => check.level);
        expect(Math.min(5, ...open)).toBe(level + 1);
      }),
    );
  });

  it('of one statement are not filled up from another', () => {
    const [noRun, noData] = ['the run', 'the data set'].map((what) =>
      STATEMENT_TAKEAWAYS.find((one) => one.what === what),
    );
    const statements = [noRun, noData].map((one) => one?.take(mintLevelFacts()).statement ?? null);
    expect(judgeBest({ version: mintVersion(), trust: TABLE }, statements).level).toBe(0);
  });

  it('are those of the best statement, whatever the order, and never worse for one more', () => {
    fc.assert(
      fc.property(fc.array(weakened, { minLength: 1, maxLength: 4 }), (lists) => {
        const besides = { version: mintVersion(), trust: TABLE };
        const all = lists.map((taken) => takeAll(taken).statement);
        const best = judgeBest(besides, all);
        expect(judgeBest(besides, [...all].reverse())).toMatchObject({ level: best.level, slsaBuild: best.slsaBuild });
        expect(best.level).toBe(Math.max(...all.map((statement) => judgeMlLevel({ ...besides, statement }).level)));
        expect(judgeBest(besides, all.slice(1)).level).toBeLessThanOrEqual(best.level);
      }),
    );
  });
});

describe('an unsigned statement', () => {
  it('never counts above level 1', () => {
    fc.assert(
      fc.property(weakened, (taken) => {
        const judged = judgeMlLevel(unsigned(takeAll(taken)));
        expect(judged.level).toBeLessThanOrEqual(1);
        expect(judged.slsaBuild.level).toBeLessThanOrEqual(1);
      }),
    );
    expect(judgeMlLevel(unsigned(mintLevelFacts())).level).toBe(1);
  });

  it('by somebody who is not expected does not either', () => {
    const { signature } = mintStatement();
    const statement = mintStatement({ signature: signature && { ...signature, isExpected: false } });
    expect(judgeMlLevel(mintLevelFacts({ statement })).level).toBe(1);
  });
});

describe('an unknown builder', () => {
  const name = fc.oneof(fc.webUrl(), fc.emailAddress(), fc.string());

  it('is never above SLSA Build 1, nor ML level 1, whoever signs and whatever it is called', () => {
    fc.assert(
      fc.property(name, name, (san, issuer) => {
        fc.pre(san !== SIGNER.san || issuer !== SIGNER.issuer);
        const judged = judgeMlLevel(signedBy(mintLevelFacts(), san, issuer));
        expect(judged.slsaBuild.level).toBeLessThanOrEqual(1);
        expect(judged.level).toBeLessThanOrEqual(1);
      }),
    );
  });

  it.each([
    ['another case', SIGNER.san.toUpperCase()],
    ['a NUL behind it', `${SIGNER.san}\0`],
    ['a character that looks the same', SIGNER.san.replace('a', 'а')],
    ['a wildcard', SIGNER.san.replace('train.yml', '*')],
    ['another tag', SIGNER.san.replace('v3', 'v4')],
    ['a part of it', SIGNER.san.slice(0, -1)],
  ])('is one whose name has %s', (_, san) => {
    expect(judgeMlLevel(signedBy(mintLevelFacts(), san, SIGNER.issuer)).slsaBuild.level).toBe(1);
  });

  it('is one whose row names another builder.id', () => {
    fc.assert(
      fc.property(name, (id) => {
        fc.pre(id !== TABLE.builders[0]?.id);
        const builders = TABLE.builders.map((row) => ({ ...row, id }));
        expect(judgeMlLevel(mintLevelFacts({ trust: { ...TABLE, builders } })).slsaBuild.level).toBe(1);
      }),
    );
  });

  it('is not made known by a pattern in the table', () => {
    const builders = TABLE.builders.map((row) => ({ ...row, id: '*', identity: '.*', issuer: '**' }));
    expect(judgeMlLevel(mintLevelFacts({ trust: { ...TABLE, builders } })).level).toBe(1);
  });
});

describe('a builder that is accepted at level 2', () => {
  it('is never above it, whatever its certificate says', () => {
    const builders = TABLE.builders.map((row) => ({ ...row, level: 2 as const }));
    const judged = judgeMlLevel(mintLevelFacts({ trust: { ...TABLE, builders } }));
    expect(judged).toMatchObject({ level: 2, slsaBuild: { level: 2 } });
    expect(missingForNext(judged).map(({ id }) => id)).toEqual(['3.1']);
  });
});
