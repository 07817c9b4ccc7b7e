import { count, eq, max, min, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { events } from '#db/schema/event.ts';
import { formatIso } from '#lib/provenance/format.ts';
import type { KnownThing } from './known-thing.ts';

const inputSchema = z.object({ san: z.string().min(1).max(8192) });

/** Issuers told of, each an identity of its own. */
const LIMIT = 100;

/** What is known of a signer's name, compared byte for byte: one thing for each issuer. */
export async function findIdentities({ db }: OpenDatabase, input: z.input<typeof inputSchema>): Promise<KnownThing[]> {
  const { san } = inputSchema.parse(input);
  const proven = sql<number>`sum(CASE WHEN ${events.authenticity} = 'verified' THEN 1 ELSE 0 END)`;
  const rows = db
    .select({
      issuer: events.issuer,
      entries: count(),
      proven,
      firstAt: min(events.occurredAt),
      lastAt: max(events.occurredAt),
    })
    .from(events)
    .where(eq(events.san, san))
    .groupBy(events.issuer)
    .limit(LIMIT)
    .all();
  return rows.map(({ issuer, entries, proven, firstAt, lastAt }) => ({
    kind: 'identity',
    name: san,
    state: null,
    page: `/identity?${new URLSearchParams(issuer === null ? { san } : { san, issuer })}`,
    facts: {
      issuer: issuer ?? 'none',
      entries: String(entries),
      'of these its own, proven': String(proven),
      ...(firstAt === null || lastAt === null ? {} : { first: formatIso(firstAt), last: formatIso(lastAt) }),
    },
  }));
}
