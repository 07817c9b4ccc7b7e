import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChainedEntry, findChainFault, hashAuditEntry, NO_PREVIOUS } from '#lib/provenance/audit-chain.ts';

function chainOf(details: readonly string[]): ChainedEntry[] {
  const entries: ChainedEntry[] = [];
  for (const [i, detail] of details.entries()) {
    const entry = {
      chain: 'inc_1',
      seq: i + 1,
      at: 1_000 + i,
      actor: '{"kind":"jobs"}',
      action: 'incident.noted',
      target: '',
      detail: JSON.stringify({ detail }),
      previous: entries.at(-1)?.hash ?? NO_PREVIOUS,
    };
    entries.push({ ...entry, hash: hashAuditEntry(entry) });
  }
  return entries;
}

const details = fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 12 });

describe('an audit chain', () => {
  it('is whole as it was written, and when it is empty', () => {
    fc.assert(fc.property(details, (texts) => void expect(findChainFault(chainOf(texts))).toBeNull()));
    expect(findChainFault([])).toBeNull();
  });

  it('shows where any field of any entry was changed', () => {
    const field = fc.constantFrom('at', 'actor', 'action', 'target', 'detail', 'previous', 'hash', 'chain', 'seq');
    fc.assert(
      fc.property(details, fc.nat(), field, (texts, at, changed) => {
        const entries = chainOf(texts);
        const index = at % entries.length;
        const forged = entries.map((entry, i) =>
          i === index
            ? { ...entry, [changed]: typeof entry[changed] === 'number' ? 99_999 : `${entry[changed]} ` }
            : entry,
        );
        expect(findChainFault(forged)).not.toBeNull();
      }),
    );
  });

  it('shows where an entry was taken out, but not that its end is missing', () => {
    const entries = chainOf(['a', 'b', 'c', 'd']);
    expect(findChainFault(entries.toSpliced(1, 1))).toMatchObject({
      seq: 2,
      problem: expect.stringMatching(/missing/),
    });
    expect(findChainFault(entries.slice(1))).toMatchObject({ seq: 1 });
    expect(findChainFault(entries.slice(0, 2))).toBeNull();
  });

  it('cannot be mended by hashing the changed entry anew: the next one tells', () => {
    const entries = chainOf(['a', 'b', 'c']);
    const [first, second, third] = entries;
    if (!first || !second || !third) throw new Error('three were made');
    const changed = { ...second, detail: '{"detail":"x"}' };
    const rehashed = { ...changed, hash: hashAuditEntry(changed) };
    expect(findChainFault([first, rehashed, third])).toMatchObject({
      seq: 3,
      problem: expect.stringMatching(/follow/),
    });
  });
});
