import { z } from '@hono/zod-openapi';
import { time } from './time.ts';

export const source = z
  .object({
    name: z.string(),
    kind: z.enum(['directory', 'folder', 'oci', 'github', 'rekor-index']),
    location: z.string(),
    lastRunAt: time('The last look.').nullable(),
    lastSuccessAt: time('The last look that went well.').nullable(),
    nextRunAt: time('When the next look is due.').nullable(),
    error: z.string().nullable().openapi({ description: 'Of the last look; null where it went well.' }),
    failures: z.int().openapi({ description: 'In a row.' }),
    result: z.record(z.string(), z.number()).openapi({ description: 'Counts of the last look, by label.' }),
    accepted: z.int(),
    refused: z.int(),
  })
  .openapi('Source', { description: 'A way in of the configuration in force. Watched directories are not polled.' });

export const delivery = z
  .object({
    id: z.int(),
    channel: z.enum(['directory', 'folder', 'oci', 'github', 'upload', 'api', 'cli']),
    source: z.string().openapi({ description: 'The source’s name, the token’s, `browser` or `command line`.' }),
    path: z.string().openapi({ description: 'In the source, with `#line` for one of several bundles in a file.' }),
    size: z.int().openapi({ description: 'Bytes.' }),
    modifiedAt: time('As the source gives it: a claim.'),
    sha256: z.string().nullable(),
    outcome: z.enum(['accepted', 'refused']),
    code: z.string().nullable().openapi({ description: 'Why it was refused, for programs.' }),
    reason: z.string().nullable().openapi({ description: 'Why it was refused, and how to mend it.' }),
    at: z.string().nullable().openapi({ description: 'The field or byte at fault.' }),
    checkedAt: time('The last look at it.'),
    eventId: z.string().nullable(),
    predicateType: z.string().nullable(),
    model: z.object({ name: z.string(), slug: z.string() }).nullable(),
  })
  .openapi('Delivery', { description: 'A file that was brought, by whatever way, with what became of it.' });
