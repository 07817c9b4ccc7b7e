import { z } from '@hono/zod-openapi';
import { check, subject } from './evidence.ts';
import { orNull } from './or-null.ts';
import { statementFacts } from './statement.ts';
import { time, timeSource } from './time.ts';

export const bundleState = z.enum(['verified', 'refused']).openapi('BundleState', {
  description:
    'By the trust root, keys and rules in force when it was last judged.\n\n- `verified`: its signature, and the place and time it claims, are proven. What its statement says is still its signer’s word.\n- `refused`: kept with the reason; nothing of it counts. It is tried again when trust roots, keys or rules change.',
});

const summaryFields = {
  id: z.string(),
  sha256: z.string().openapi({ description: 'Of the bundle’s bytes.' }),
  mediaType: z.string(),
  content: z.enum(['dsse', 'message']).openapi({ description: '`dsse` signs a statement, `message` a digest.' }),
  state: bundleState,
  code: z.string().nullable().openapi({ description: 'Why it was refused, for programs.' }),
  reason: z.string().nullable().openapi({ description: 'Why it was refused, and how to mend it.' }),
  at: z.string().nullable().openapi({ description: 'The field, check or character at fault.' }),
  method: z.enum(['sigstore', 'key', 'certificate']).openapi({
    description:
      '`sigstore`: by the trust root. `key`, `certificate`: by a key or authority that the operator trusts, in no log unless `logIndex` says so.',
  }),
  predicateType: z.string().nullable(),
  san: z.string().nullable().openapi({ description: 'Who signed; null where that is not proven.' }),
  issuer: z.string().nullable(),
  signedAt: time('When it was signed; null where nothing proves a time.').nullable(),
  signedAtSource: orNull(timeSource),
  logIndex: z.int().nullable().openapi({ description: 'The index that its inclusion proof authenticates.' }),
  versionId: z.string().nullable().openapi({ description: 'The version of a model whose files it signs.' }),
  eventId: z.string().nullable().openapi({ description: 'Its log entry, of /events.' }),
  firstSeenAt: time('When it was first handed in.'),
};

export const bundleSummary = z.object(summaryFields).openapi('BundleSummary');

export const bundleDetail = z
  .object({
    ...summaryFields,
    size: z.int().openapi({ description: 'Bytes.' }),
    payloadType: z.string().nullable(),
    payloadSha256: z.string().nullable(),
    signedSha256: z.string().nullable().openapi({ description: 'Of what was signed, as log entries give it.' }),
    signedSha384: z.string().nullable(),
    signedSha512: z.string().nullable(),
    signatureSha256: z.string(),
    certificateSha256: z.string().nullable(),
    keySha256: z.string().nullable().openapi({ description: 'Of the key’s SPKI DER.' }),
    sanType: z.string().nullable(),
    leafHash: z.string().nullable(),
    logKeyId: z.string().nullable(),
    linkedBy: z.enum(['leaf', 'digest']).nullable(),
    checks: z.array(check),
    subjects: z.array(subject).openapi({ description: 'The first 1,000.' }),
    attestation: orNull(statementFacts).openapi({ description: 'Of a statement that is no model signature.' }),
  })
  .openapi('Bundle');

export const bundleOutcome = z
  .object({
    line: z.int().openapi({ description: 'Line of the body, from 1.' }),
    outcome: z.enum(['accepted', 'refused']),
    bundleId: z.string().nullable().openapi({ description: 'Null for what could not be read as a bundle.' }),
    isNew: z.boolean(),
    code: z.string().nullable().openapi({ description: 'Why it was refused, for programs.' }),
    reason: z.string().nullable().openapi({ description: 'Why it was refused, and how to mend it.' }),
    at: z.string().nullable().openapi({ description: 'The field, check or character at fault.' }),
  })
  .openapi('BundleOutcome');
