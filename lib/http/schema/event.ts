import { z } from '@hono/zod-openapi';
import { SAN_TYPES } from '#lib/watch/general-name.ts';
import { check, subject } from './evidence.ts';
import { orNull } from './or-null.ts';
import { authenticity, checkpointState, claim } from './states.ts';
import { time, timeSource } from './time.ts';

const matchedRule = z
  .object({
    rule: z.string(),
    field: z.string().openapi({
      description: 'What met it: `san`, `issuer`, `key`, `digest`, `bytes` (of an undecided entry) or an extension.',
    }),
    how: z.enum(['exact', 'folded', 'look-alike', 'bytes']).openapi({
      description:
        '`exact`: byte for byte. `folded`: only after case folding or cutting at a NUL. `look-alike`: another name, which looks like the watched one. `bytes`: in bytes that could not be read.',
    }),
    own: z
      .boolean()
      .openapi({ description: 'Whether the rule names an identity of the own organisation, and it is that one.' }),
  })
  .openapi('MatchedRule');

const summaryFields = {
  id: z.string(),
  occurredAt: time('`signedAt`, else `firstSeenAt`: what the list is sorted by.'),
  signedAt: time('When it was signed; `signedAtSource` says what proves it.').nullable(),
  signedAtSource: orNull(timeSource),
  firstSeenAt: time('When our tail first saw the checkpoint that holds it, or the bundle.'),
  san: z.string().nullable().openapi({
    description: 'The identity that the certificate names. It is the signer only where `authenticity` is `verified`.',
  }),
  issuer: z.string().nullable(),
  publicKeySha256: z.string().nullable().openapi({ description: 'Of a bare key, instead of an identity.' }),
  kind: z
    .string()
    .nullable()
    .openapi({ description: '`hashedrekord 0.0.2`; null where the bytes say nothing readable.' }),
  digestAlgorithm: z.string().nullable(),
  digest: z.string().nullable().openapi({ description: 'What was signed, lowercase hex.' }),
  authenticity,
  claim,
  undecided: z.string().nullable().openapi({ description: 'Why the entry could not be decided; null for most.' }),
  logId: z.int().nullable().openapi({ description: 'Of /logs; null for what is in no log.' }),
  logIndex: z.int().nullable(),
  origin: z.string().nullable().openapi({ description: 'Of the log.' }),
};

export const eventSummary = z
  .object({
    ...summaryFields,
    rules: z.array(matchedRule),
    about: z
      .object({ name: z.string(), slug: z.string().nullable().openapi({ description: 'Of /models, for models.' }) })
      .nullable()
      .openapi({ description: 'What a verified bundle shows it to sign. The name is its signer’s word.' }),
  })
  .openapi('EventSummary');

const certificate = z
  .object({
    serial: z.string(),
    issuerName: z.string(),
    subjectName: z.string(),
    notBefore: time('Validity, from.').nullable(),
    notAfter: time('Validity, to.').nullable(),
    sans: z.array(
      z.object({
        type: z.enum(SAN_TYPES),
        oid: z.string().optional(),
        value: z.string().openapi({ description: 'As shown: controls and invisible characters are written out.' }),
        raw: z.string().openapi({ description: 'The name’s own bytes, lowercase hex.' }),
        anomalies: z.array(z.string()),
      }),
    ),
    issuer: z.object({
      raw: z.string().optional(),
      utf8: z.string().optional(),
      value: z.string().nullable(),
      conflict: z.boolean().openapi({ description: 'Whether the certificate names more than one issuer.' }),
    }),
    extensions: z.array(z.object({ oid: z.string(), name: z.string().nullable(), value: z.string(), raw: z.string() })),
    anomalies: z.array(z.string()),
  })
  .openapi('CertificateFacts', {
    description: 'What the certificate says; whether to believe it, `authenticity` says.',
  });

const linkedBundle = z
  .object({
    id: z.string(),
    sha256: z.string(),
    state: z.enum(['verified', 'refused']),
    mediaType: z.string(),
    content: z.enum(['dsse', 'message']),
    predicateType: z.string().nullable(),
    linkedBy: z.enum(['leaf', 'digest']).nullable().openapi({
      description: 'How bundle and entry were joined: by leaf hash, or by digest, signature and certificate.',
    }),
    checks: z.array(check),
    subjects: z.array(subject).openapi({ description: 'The first 50.' }),
    version: z
      .object({ root: z.string(), fileCount: z.int(), name: z.string(), slug: z.string() })
      .nullable()
      .openapi({ description: 'The version of a model that it is about.' }),
  })
  .openapi('LinkedBundle');

export const eventDetail = z
  .object({
    ...summaryFields,
    leafHash: z.string().nullable(),
    seenBy: z.enum(['tail', 'bundle', 'index']).openapi({
      description:
        '`tail`: read from the log by us. `bundle`: known from a bundle’s own proof only. `index`: named by a log’s search index, and proved.',
    }),
    treeSize: z.int().nullable().openapi({ description: 'Of the tree that the inclusion proof is for, in entries.' }),
    sanType: z.string().nullable(),
    signatureSha256: z.string().nullable(),
    certificateSha256: z.string().nullable(),
    authenticityReason: z.string(),
    rules: z.array(matchedRule.extend({ value: z.string(), notes: z.array(z.string()) }).openapi('MatchedRuleDetail')),
    certificate: orNull(certificate),
    checks: z.array(check),
    log: z
      .object({
        id: z.int(),
        origin: z.string(),
        logId: z.string(),
        keyDetails: z.string(),
        readUrl: z.string(),
      })
      .nullable(),
    checkpoint: z
      .object({
        id: z.int(),
        size: z.int(),
        root: z.string().openapi({ description: 'The root hash, lowercase hex.' }),
        state: checkpointState,
        cosignatures: z.int(),
        firstSeenAt: time('When it was first seen.'),
        verifiedAt: time('When its root had been computed from the entries.').nullable(),
      })
      .nullable(),
    bundles: z.array(linkedBundle),
    files: z
      .object({ entry: z.boolean(), proof: z.boolean(), checkpoint: z.boolean(), bundle: z.boolean() })
      .openapi({ description: 'Which of /events/{id}/entry, proof, checkpoint and bundle there are.' }),
  })
  .openapi('Event');
