import { describe, expect, it } from 'vitest';
import { JsonPlace } from '#lib/attestation/json-place.ts';
import { readSlsaProvenanceV1 } from '#lib/attestation/slsa-provenance-v1.ts';
import { trainingLogByproduct } from '#lib/training-log/byproduct.ts';

const seal = { size: 9, root: 'a'.repeat(64), sha256: 'b'.repeat(64) };

function factsOf(byproducts: readonly unknown[]) {
  const predicate = {
    buildDefinition: { buildType: 'https://models.example/train/v1', externalParameters: {} },
    runDetails: { builder: { id: 'https://models.example/builder' }, byproducts },
  };
  return readSlsaProvenanceV1(new JsonPlace(predicate, 'predicate'));
}

describe('a training log among the byproducts of provenance', () => {
  it('is read back as it was written, with its place', () => {
    const { trainingLogs, remarks } = factsOf([{ name: 'metrics' }, trainingLogByproduct(seal)]);
    expect(trainingLogs).toEqual([{ ...seal, at: 'predicate.runDetails.byproducts[1]' }]);
    expect(remarks).toEqual([]);
  });

  it('is none, with a remark, where anything that pins it is missing or broken', () => {
    const good = trainingLogByproduct(seal);
    const broken = [
      { ...good, digest: {} },
      { ...good, digest: { sha256: 'B'.repeat(64) } },
      { ...good, annotations: undefined },
      { ...good, annotations: { ...good.annotations, treeSize: '9' } },
      { ...good, annotations: { ...good.annotations, treeSize: 0 } },
      { ...good, annotations: { ...good.annotations, rootHash: 'a' } },
    ];
    for (const byproduct of broken) {
      const { trainingLogs = [], remarks } = factsOf([byproduct]);
      expect(trainingLogs).toEqual([]);
      expect(remarks.join()).toContain('is no training log');
    }
  });

  it('does not make any number of them be kept', () => {
    const { trainingLogs, remarks } = factsOf(Array.from({ length: 40 }, () => trainingLogByproduct(seal)));
    expect(trainingLogs).toHaveLength(16);
    expect(remarks.length).toBeGreaterThan(0);
  });
});
