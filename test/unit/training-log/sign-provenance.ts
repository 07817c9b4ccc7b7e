import { trainingLogByproduct } from '#lib/training-log/byproduct.ts';
import type { TrainingLogSeal } from '#lib/training-log/seal.ts';
import { bytesOf, sigstore } from '#test/unit/http/scene.ts';
import { T0 } from '#test/unit/sigstore/mint-certificate.ts';

/** A bundle of SLSA provenance over the files of `root` that names a training log. */
export function signTrainingProvenance(root: string, seal: TrainingLogSeal, place = 1): Buffer {
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'northwind', digest: { sha256: root } }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: { buildType: 'https://models.example/train/v1', externalParameters: { place } },
      runDetails: {
        builder: { id: 'https://models.example/builder@v1' },
        byproducts: [trainingLogByproduct(seal)],
      },
    },
  };
  const payload = Buffer.from(JSON.stringify(statement));
  const index = 2 ** (40 + place);
  return bytesOf(sigstore.bundle({ log: 'v2', payload, leaf: sigstore.leaf(), index, at: T0 + 90_000 + place * 1000 }));
}
