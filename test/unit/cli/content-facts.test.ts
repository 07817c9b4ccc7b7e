import { describe, expect, it } from 'vitest';
import { noFacts, type StatedTrainingLog } from '#lib/attestation/facts.ts';
import { contentFacts } from '#lib/cli/content-facts.ts';

const ROOT = 'ab'.repeat(32);
const FILE = 'cd'.repeat(32);

function rowsOf(trainingLogs: readonly StatedTrainingLog[] | undefined) {
  const facts = { ...noFacts('slsa-provenance', 'v1'), ...(trainingLogs && { trainingLogs }) };
  const predicateType = 'https://slsa.dev/provenance/v1';
  return contentFacts({ kind: 'statement', predicateType, subjects: [], facts });
}

function log(size: number, at = 'predicate.runDetails.byproducts[0]'): StatedTrainingLog {
  return { root: ROOT, size, sha256: FILE, at };
}

describe('the facts of an attestation', () => {
  it('show each training log with its entries, its root and its file', () => {
    const rows = rowsOf([log(4711), log(1)]);
    const at = rows.findIndex(([label]) => label === 'Training log');
    expect(rows.slice(at, at + 2)).toEqual([
      ['Training log', `4,711 entries  root sha256:${ROOT}  file sha256:${FILE}`],
      ['', `1 entry  root sha256:${ROOT}  file sha256:${FILE}`],
    ]);
  });

  it('say of training logs, as of all else, that they are the signer’s word', () => {
    const rows = rowsOf([log(3)]);
    const warning = rows.findIndex(([, value]) => value.includes("signer's word"));
    expect(warning).toBeGreaterThan(-1);
    expect(warning).toBeLessThan(rows.findIndex(([label]) => label === 'Training log'));
  });

  it('have no row where no training log is stated, nor where facts were stored before there were any', () => {
    for (const stated of [[], undefined]) {
      expect(rowsOf(stated).map(([label]) => label)).not.toContain('Training log');
    }
  });

  it('count the training logs beyond the twentieth', () => {
    const rows = rowsOf(Array.from({ length: 25 }, (_, i) => log(i + 2)));
    expect(rows.filter(([, value]) => value.includes(ROOT))).toHaveLength(20);
    expect(rows).toContainEqual(['', 'and 5 more']);
  });
});
