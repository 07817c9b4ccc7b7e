import { z } from '@hono/zod-openapi';
import { time } from './time.ts';

const range = z.object({ startIndex: z.int(), endIndex: z.int().openapi({ description: 'Exclusive.' }) });

export const backfill = z
  .object({
    id: z.int(),
    kind: z.enum(['history', 'rules']).openapi({
      description: '`history`: by every rule, which makes coverage. `rules`: by those in `rules` alone.',
    }),
    rules: z.array(z.string()).nullable().openapi({ description: 'Names; null for every rule.' }),
    ...range.shape,
    state: z.enum(['open', 'done', 'stopped']),
    entries: z.int().openapi({ description: 'Read so far, of `total`.' }),
    total: z.int(),
    events: z.int().openapi({ description: 'Found so far.' }),
    rate: z.int().nullable().openapi({ description: 'Entries a second of late.' }),
    secondsLeft: z.int().nullable().openapi({ description: 'At that rate; null where it is not known.' }),
    createdAt: time('Asked for.'),
    finishedAt: time('Done, or stopped.').nullable(),
  })
  .openapi('Backfill');

export const ruleSearch = z
  .object({
    rule: z.string(),
    since: time('Since when the rule is in force as it is.'),
    unseen: z.array(range).openapi({ description: 'Covered entries that were not held against it.' }),
    entries: z.int().openapi({ description: 'How many these are.' }),
    toAsk: z.array(range).openapi({ description: 'Those that no open search is to read.' }),
    entriesToAsk: z.int(),
    isKept: z.boolean().openapi({ description: 'Whether a mirror has them, so that no log need be asked.' }),
  })
  .openapi('RuleSearch');
