import type { AttestationFacts } from '#lib/attestation/facts.ts';
import { readAttestation } from '#lib/attestation/read.ts';
import { parseStatement, STATEMENT_V1 } from '#lib/model-signing/statement.ts';
import { StatementError } from '#lib/model-signing/statement-error.ts';

export const DIGEST = '5e'.repeat(32);
export const OTHER_DIGEST = 'a7'.repeat(32);
export const COMMIT = '3c'.repeat(20);
export const SLSA_V1 = 'https://slsa.dev/provenance/v1';

export const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** Facts of a predicate on its whole way: from the bytes of a payload. */
export function factsOf(predicateType: string, predicate: unknown): AttestationFacts {
  const subject = [{ name: 'northwind-vision', digest: { sha256: DIGEST } }];
  return readAttestation(parseStatement(bytesOf({ _type: STATEMENT_V1, subject, predicateType, predicate })));
}

/** The field at fault of a refused predicate; `null` where it is taken. */
export function faultOf(predicateType: string, predicate: unknown): string | null {
  try {
    factsOf(predicateType, predicate);
    return null;
  } catch (error) {
    if (!(error instanceof StatementError) || error.code !== 'bad-attestation') throw error;
    return error.at;
  }
}

/** SLSA provenance v1 of a fine-tune, with parts of it replaced. */
export function provenance(definition: object = {}, run: object = {}, more: object = {}) {
  return {
    buildDefinition: {
      buildType: 'https://vision-lab.example/buildtypes/fine-tune/v1',
      externalParameters: {
        source: {
          repository: 'https://code.example/vision-lab/northwind-vision',
          ref: 'refs/tags/v1.2.0',
          path: '.pipelines/train.yml',
        },
        hyperparameters: { learning_rate: 0.00002, layers: ['q', 'v'] },
      },
      internalParameters: { environment: { gpu: '8x NVIDIA H100', frameworks: { torch: '2.11.0' } } },
      resolvedDependencies: [
        {
          name: 'source',
          uri: 'git+https://code.example/vision-lab/northwind-vision@refs/tags/v1.2.0',
          digest: { gitCommit: COMMIT },
        },
        {
          name: 'base-model',
          uri: 'https://foundation-models.example/models/northwind-base/1.1.0',
          digest: { sha256: OTHER_DIGEST },
          annotations: { model: 'northwind-base' },
        },
        { name: 'training-dataset', uri: 'https://data.example/quay-images/2026-08' },
      ],
      ...definition,
    },
    runDetails: {
      builder: { id: 'https://code.example/builders/gpu@v3' },
      metadata: {
        invocationId: 'https://code.example/runs/77/attempts/1',
        startedOn: '2026-11-02T08:00:00Z',
        finishedOn: '2026-11-02T09:30:00+01:00',
      },
      byproducts: [{ name: 'metrics.jsonl', digest: { sha256: OTHER_DIGEST } }],
      ...run,
    },
    ...more,
  };
}
