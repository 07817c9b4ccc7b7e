import { z } from '@hono/zod-openapi';
import { SHARED_PARTS } from '#lib/provenance/shared-parts.ts';
import { time } from './time.ts';

export const sharedPart = z.enum(SHARED_PARTS).openapi('SharedPart', {
  description: 'What a page shows besides name, root, state and date. `proofs` needs `signer` and `files`.',
});

export const sharedTarget = z
  .object({
    kind: z.enum(['model', 'version']),
    name: z.string().openapi({ description: 'The name of the model.' }),
    label: z.string().nullable(),
    modelSlug: z.string().openapi({ description: 'In the address of its page in the dashboard.' }),
    targetId: z.string().openapi({ description: '`mdl_…` or `ver_…`.' }),
  })
  .openapi('SharedTarget');

export const publication = z
  .object({
    slug: z.string().openapi({ description: 'The page is /p/SLUG.' }),
    target: sharedTarget,
    parts: z.array(sharedPart),
    publishedAt: time('When it was published, the last time.'),
    updatedAt: time('When what it shows was last changed.'),
    withdrawnAt: time('Null while it is public.').nullable(),
  })
  .openapi('Publication');

export const shareLink = z
  .object({
    id: z.string().openapi({ description: 'SHA-256 of the secret, by which it is revoked. Opens nothing.' }),
    target: sharedTarget,
    parts: z.array(sharedPart),
    note: z.string(),
    createdAt: time('When it was made.'),
    expiresAt: time('When it runs out.'),
    revokedAt: time('Null while it was not revoked.').nullable(),
    lastUsedAt: time('To the minute; null where it was never opened.').nullable(),
  })
  .openapi('ShareLink');

const of = {
  model: z.string().min(1).max(512).openapi({ description: 'Exact name, slug or id.' }),
  version: z
    .string()
    .min(1)
    .max(200)
    .nullable()
    .default(null)
    .openapi({ description: 'Label, root or id of one version; null, or not said, for the model with its newest.' }),
  parts: z.array(sharedPart).max(SHARED_PARTS.length),
};

export const wantedPublication = z.strictObject(of).openapi('NewPublication');

export const wantedLink = z
  .strictObject({
    ...of,
    note: z.string().max(200).default('').openapi({ description: 'For whom it is.' }),
    days: z.int().min(1).max(365).openapi({ description: 'Until it runs out.' }),
  })
  .openapi('NewShareLink');
