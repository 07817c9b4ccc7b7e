import { and, desc, eq, gt, lte, ne, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase, Writer } from '#db/client.ts';
import { events } from '#db/schema/event.ts';
import { expectedSignings } from '#db/schema/expected.ts';

const placeSchema = z.object({ declaredAt: z.int(), id: z.string().max(100) });

const inputSchema = z.object({
  now: z.int(),
  /** `open`: may still account for a signing. `used`: accounted for as many as it may. `over`: its time is past. */
  state: z.enum(['open', 'used', 'over']).optional(),
  olderThan: placeSchema.optional(),
  limit: z.int().min(1).max(200),
});

/** A declared signing with what it accounts for. Times in milliseconds since the epoch. */
export interface ExpectedSigning {
  readonly id: string;
  readonly digest: string | null;
  readonly identity: string | null;
  readonly issuer: string | null;
  readonly run: string | null;
  readonly note: string | null;
  readonly source: (typeof expectedSignings.$inferSelect)['source'];
  readonly declaredBy: string;
  readonly declaredAt: number;
  readonly validFromAt: number;
  readonly validUntilAt: number;
  readonly uses: number;
  readonly used: number;
  /** The signings that it accounts for, at most 100 of them. */
  readonly eventIds: readonly string[];
}

export interface ExpectedPage {
  readonly expected: readonly ExpectedSigning[];
  readonly next: z.infer<typeof placeSchema> | null;
}

const EVENT_LIMIT = 100;

/** Declared signings, the latest first; the self-test's own are not among them. */
export async function listExpected({ db }: OpenDatabase, input: z.input<typeof inputSchema>): Promise<ExpectedPage> {
  const { now, state, olderThan, limit } = inputSchema.parse(input);
  const { id, declaredAt, source } = expectedSignings;
  const rows = db
    .select()
    .from(expectedSignings)
    .where(
      and(
        ne(source, 'canary'),
        state === undefined ? undefined : stateCondition(state, now),
        olderThan && sql`(${declaredAt}, ${id}) < (${olderThan.declaredAt}, ${olderThan.id})`,
      ),
    )
    .orderBy(desc(declaredAt), desc(id))
    .limit(limit + 1)
    .all();
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    expected: page.map((row) => describe(db, row)),
    next: rows.length > limit && last ? { declaredAt: last.declaredAt, id: last.id } : null,
  };
}

/** One declared signing; null where there is none of this id. */
export function readExpected(db: Writer, id: string): ExpectedSigning | null {
  const row = db.select().from(expectedSignings).where(eq(expectedSignings.id, id)).get();
  return row ? describe(db, row) : null;
}

function stateCondition(state: 'open' | 'used' | 'over', now: number): SQL | undefined {
  const { uses, used, validUntil } = expectedSignings;
  if (state === 'used') return lte(uses, used);
  return and(gt(uses, used), state === 'over' ? lte(validUntil, now) : gt(validUntil, now));
}

function describe(db: Writer, row: typeof expectedSignings.$inferSelect): ExpectedSigning {
  const { san, validFrom, validUntil, ...rest } = row;
  // No index leads from a declaration to its events: the time that it counts for does.
  const accounted =
    row.used === 0
      ? []
      : db
          .select({ id: events.id })
          .from(events)
          .where(and(sql`${events.occurredAt} BETWEEN ${validFrom} AND ${validUntil}`, eq(events.expectedBy, row.id)))
          .orderBy(events.occurredAt, events.id)
          .limit(EVENT_LIMIT)
          .all();
  return {
    ...rest,
    identity: san,
    validFromAt: validFrom,
    validUntilAt: validUntil,
    eventIds: accounted.map(({ id }) => id),
  };
}
