import { z } from '@hono/zod-openapi';
import { authenticity, claim } from './states.ts';
import { time } from './time.ts';

const span = {
  firstAt: time('Of its first entry, proven or not.'),
  lastAt: time('Of its last entry, proven or not.'),
};

export const identitySummary = z
  .object({
    san: z.string(),
    sanType: z.string().nullable(),
    issuer: z.string().nullable(),
    signings: z.int().openapi({ description: 'Whose signer is proven.' }),
    models: z.int().openapi({ description: 'Of these, what a bundle shows to be a model’s.' }),
    unclaimed: z.int().openapi({ description: 'Of these, what nobody has shown.' }),
    impersonations: z.int().openapi({ description: 'Entries that name it without proof.' }),
    ...span,
  })
  .openapi('IdentitySummary');

export const identityDetail = z
  .object({
    san: z.string(),
    issuer: z.string().nullable(),
    sanType: z.string().nullable(),
    ...span,
    counts: z.array(z.object({ authenticity, claim, count: z.int() })),
    rules: z
      .array(z.object({ rule: z.string(), own: z.boolean() }))
      .openapi({ description: 'Watch rules that it met.' }),
    models: z
      .array(
        z.object({
          name: z.string(),
          slug: z.string(),
          versions: z.int(),
          firstAt: time('Its first signature of it.'),
          lastAt: time('Its last.'),
        }),
      )
      .openapi({ description: 'Whose files it signed, the first 100.' }),
    moreModels: z.int(),
    statements: z
      .array(
        z.object({
          bundleId: z.string(),
          eventId: z.string().nullable(),
          at: time('Signed, else first seen.'),
          kind: z.string().nullable(),
          predicateType: z.string().nullable(),
          subject: z.string().nullable(),
        }),
      )
      .openapi({ description: 'That it signed, the newest 100.' }),
    unclaimed: z
      .array(z.object({ id: z.string(), at: time('Signed.'), claim }))
      .openapi({ description: 'Events proven to be its own that nobody has shown, the newest 100.' }),
    related: z
      .array(z.object({ san: z.string(), issuer: z.string().nullable(), count: z.int() }))
      .openapi({ description: 'The same workflow at other refs, the same name at other issuers: other identities.' }),
  })
  .openapi('Identity');
