import { z } from '@hono/zod-openapi';
import { CHECK_NAMES } from '#lib/provenance/check.ts';
import { checkOutcome } from './states.ts';

export const check = z
  .object({
    name: z.enum(CHECK_NAMES),
    outcome: checkOutcome,
    statement: z.string().openapi({ description: 'What was found, or why the check was not made.' }),
    evidence: z
      .record(z.string(), z.string())
      .openapi({ description: 'The values compared or relied on: label to value.' }),
  })
  .openapi('Check');

export const digest = z
  .object({
    algorithm: z.string().openapi({ description: 'As the statement names it: `sha256`, `gitCommit`.' }),
    digest: z.string().openapi({ description: 'Lowercase hex for SHA-2.' }),
  })
  .openapi('Digest');

export const subject = z
  .object({
    name: z.string().openapi({ description: 'A claim: the digest is what was signed.' }),
    algorithm: z.string(),
    digest: z.string(),
  })
  .openapi('Subject');

export const signer = z
  .object({
    san: z.string().openapi({ description: 'The identity: subject alternative name, or the name of a trusted key.' }),
    issuer: z.string().nullable().openapi({ description: 'Who vouches for it: an OpenID Connect issuer, or ours.' }),
  })
  .openapi('Signer', { description: 'An identity is a name together with its issuer.' });
