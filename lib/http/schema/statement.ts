import { z } from '@hono/zod-openapi';
import { type AttestationKind, INPUT_ROLES } from '#lib/attestation/facts.ts';
import { digest } from './evidence.ts';
import { orNull } from './or-null.ts';

const KINDS = [
  'model-signature',
  'slsa-provenance',
  'model-provenance',
  'test-result',
  'verification-summary',
  'scai',
  'cyclonedx',
  'spdx',
  'croissant',
  'evaluation',
  'retraction',
  'other',
] as const satisfies readonly AttestationKind[];

export const inputRole = z
  .enum(INPUT_ROLES)
  .openapi('InputRole', { description: 'What an input was to the thing made of it.' });

const place = z.string().openapi({ description: 'The field of the document that says so.' });
const stated = z.object({ value: z.string(), at: place }).openapi('StatedValue');
const labelled = z.object({ label: z.string(), value: z.string(), at: place }).openapi('LabelledValue');
const statedTime = z
  .object({ time: z.int().openapi({ description: 'Milliseconds since the epoch (UTC).' }), at: place })
  .openapi('StatedTime');

/** `AttestationFacts` (lib/attestation/facts.ts). */
export const statementFacts = z
  .object({
    kind: z.enum(KINDS).openapi({ description: '`other` is read for its subjects only.' }),
    format: z.string().openapi({ description: 'The version of the format, as the document gives it.' }),
    outputs: z.array(z.object({ name: z.string().nullable(), digests: z.array(digest), at: place })),
    inputs: z.array(
      z
        .object({
          role: inputRole,
          name: z.string().nullable(),
          uri: z.string().nullable(),
          digests: z.array(digest),
          at: place,
        })
        .openapi('StatedInput'),
    ),
    statesNoBase: orNull(stated).openapi({ description: 'Set where it says that there is no base model.' }),
    builder: orNull(stated),
    buildType: orNull(stated),
    invocation: orNull(stated),
    repository: orNull(stated),
    commit: orNull(stated),
    entryPoint: orNull(stated),
    startedAt: orNull(statedTime),
    finishedAt: orNull(statedTime),
    parameters: z.array(labelled),
    environment: z.array(labelled),
    evaluations: z.array(
      z
        .object({ name: z.string(), value: z.string(), on: z.string().nullable(), at: place })
        .openapi('StatedEvaluation'),
    ),
    claimedSigner: orNull(stated).openapi({ description: 'Never believed: compared with the certificate.' }),
    claimedTime: orNull(stated).openapi({ description: 'Never believed: compared with the log.' }),
    verifiedLevels: z.array(z.string()),
    trainingLogs: z
      .array(z.object({ root: z.string(), size: z.int(), sha256: z.string(), at: place }))
      .default([])
      .openapi({ description: 'Training logs that it names, by root, lines and SHA-256 of the sealed file.' }),
    result: orNull(stated),
    remarks: z.array(z.string()).openapi({ description: 'What was passed over because it cannot be read.' }),
  })
  .openapi('StatementFacts', {
    description: 'What a signed statement says. All of it is its signer’s word: claims, not proofs.',
  });
