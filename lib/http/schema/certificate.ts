import { z } from '@hono/zod-openapi';
import { CERTIFICATE, CERTIFICATE_STATES } from '#lib/provenance/certificate-words.ts';
import { statesOf } from './states.ts';
import { time } from './time.ts';

export const certificateState = statesOf(
  CERTIFICATE,
  CERTIFICATE_STATES,
  'CertificateState',
  'What is known of the use of a certificate that a certificate log shows.',
);

const shared = {
  id: z.string(),
  issuedAt: time('When the certificate log took it, by its own word.'),
  kind: z.enum(['x509', 'precertificate']),
  san: z.string().nullable().openapi({ description: 'The first name in it, as it is shown.' }),
  sanType: z.string().nullable(),
  issuer: z.string().nullable().openapi({ description: 'The OpenID Connect issuer.' }),
  serial: z.string().nullable().openapi({ description: 'Lowercase hex.' }),
  state: certificateState,
  reason: z.string().openapi({ description: 'Why it is in its state, in one sentence.' }),
  undecided: z.string().nullable().openapi({ description: 'Why it cannot be read; null for those that can.' }),
  eventId: z.string().nullable().openapi({ description: 'An event that was signed with it.' }),
  logId: z.int(),
  origin: z.string().openapi({ description: 'The certificate log.' }),
  logIndex: z.int(),
};

export const certificateSummary = z
  .object({ ...shared, rules: z.array(z.object({ rule: z.string(), own: z.boolean() })) })
  .openapi('CertificateSummary');

export const certificateDetail = z
  .object({
    ...shared,
    notBefore: z.int().nullable().openapi({ description: 'Milliseconds since the epoch (UTC).' }),
    notAfter: z.int().nullable().openapi({ description: 'Milliseconds since the epoch (UTC).' }),
    leafHash: z.string(),
    tbsSha256: z.string().nullable().openapi({
      description:
        'SHA-256 of the TBSCertificate without poison and SCTs: the same for precertificate and certificate.',
    }),
    spkiSha256: z.string().nullable(),
    treeSize: z.int().nullable(),
    proofHashes: z.int().openapi({ description: 'Of the inclusion proof that is kept.' }),
    lookUps: z.int().openapi({ description: 'How often the index of a Rekor v1 log was asked for it.' }),
    matches: z.array(
      z.object({ rule: z.string(), field: z.string(), value: z.string(), how: z.string(), own: z.boolean() }),
    ),
  })
  .openapi('Certificate');
