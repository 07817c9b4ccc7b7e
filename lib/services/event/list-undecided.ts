import { and, count, desc, eq, exists, inArray, isNotNull, isNull, notExists, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { eventMatches, events } from '#db/schema/event.ts';
import { logs } from '#db/schema/log.ts';
import { READER_VERSION } from '#lib/rekor/reader-version.ts';
import { isWaiting } from './retry-undecided.ts';

const filterSchema = z.object({
  logId: z.int().positive().optional(),
  /** As the entry calls itself; null for those that say nothing readable. */
  kind: z.string().max(200).nullable().optional(),
  /** Whether a watched string stands in the bytes. */
  holdsWatched: z.boolean().optional(),
});

export type UndecidedFilter = z.input<typeof filterSchema>;

const inputSchema = z.object({
  filter: filterSchema,
  olderThan: z.object({ occurredAt: z.int(), id: z.string().max(100) }).optional(),
  limit: z.int().min(1).max(200),
});

/** An entry that could not be read: its bytes are kept, and searched for watched strings. */
export interface UndecidedEntry {
  readonly id: string;
  readonly logId: number | null;
  readonly origin: string | null;
  readonly logIndex: number | null;
  readonly kind: string | null;
  readonly reason: string;
  readonly occurredAt: number;
  readonly firstSeenAt: number;
  /** Bytes kept. */
  readonly bytes: number;
  /** Whether the present reader has not tried it yet. */
  readonly isWaiting: boolean;
  readonly matches: readonly { readonly rule: string; readonly value: string; readonly own: boolean }[];
}

export interface UndecidedPage {
  readonly entries: readonly UndecidedEntry[];
  readonly older: { readonly occurredAt: number; readonly id: string } | null;
}

/** A page of undecided entries, newest first. */
export async function listUndecided(
  database: OpenDatabase,
  input: z.input<typeof inputSchema>,
): Promise<UndecidedPage> {
  const { filter, olderThan, limit } = inputSchema.parse(input);
  const { db } = database;
  const place = olderThan && sql`(${events.occurredAt}, ${events.id}) < (${olderThan.occurredAt}, ${olderThan.id})`;
  const found = db
    .select({
      id: events.id,
      logId: events.logId,
      origin: logs.origin,
      logIndex: events.logIndex,
      kind: events.kind,
      reason: sql<string>`${events.undecided}`,
      occurredAt: events.occurredAt,
      firstSeenAt: events.firstSeenAt,
      bytes: sql<number>`coalesce(length(${events.entry}), 0)`,
      isWaiting: sql<number>`(${isWaiting(READER_VERSION)})`,
    })
    .from(events)
    .leftJoin(logs, eq(logs.id, events.logId))
    .where(and(isNotNull(events.undecided), conditionOf(database, filter), place))
    .orderBy(desc(events.occurredAt), desc(events.id))
    .limit(limit + 1)
    .all();
  const page = found.slice(0, limit);
  const ids = page.map(({ id }) => id);
  const matches = db
    .select()
    .from(eventMatches)
    .where(inArray(eventMatches.eventId, ids))
    .orderBy(eventMatches.rule)
    .all();
  const last = page.at(-1);
  return {
    entries: page.map((entry) => ({
      ...entry,
      isWaiting: entry.isWaiting === 1,
      matches: matches
        .filter(({ eventId }) => eventId === entry.id)
        .map(({ rule, value, own }) => ({ rule, value, own })),
    })),
    older: last && found.length > limit ? { occurredAt: last.occurredAt, id: last.id } : null,
  };
}

export interface UndecidedCounts {
  readonly all: number;
  readonly holdWatched: number;
  /** Not tried by the present reader yet. */
  readonly waiting: number;
  readonly byLog: readonly { readonly logId: number; readonly origin: string; readonly count: number }[];
  readonly byKind: readonly { readonly kind: string | null; readonly count: number }[];
}

/** How many there are, by what they can be narrowed by. */
export async function countUndecided(database: OpenDatabase): Promise<UndecidedCounts> {
  const { db } = database;
  const isUndecided = isNotNull(events.undecided);
  const countOf = (condition: SQL | undefined) =>
    db.select({ count: count() }).from(events).where(and(isUndecided, condition)).get()?.count ?? 0;
  return {
    all: countOf(undefined),
    holdWatched: countOf(conditionOf(database, { holdsWatched: true })),
    waiting: countOf(isWaiting(READER_VERSION)),
    byLog: db
      .select({ logId: logs.id, origin: logs.origin, count: count() })
      .from(events)
      .innerJoin(logs, eq(logs.id, events.logId))
      .where(isUndecided)
      .groupBy(logs.id)
      .orderBy(logs.origin)
      .all(),
    byKind: db
      .select({ kind: events.kind, count: count() })
      .from(events)
      .where(isUndecided)
      .groupBy(events.kind)
      .orderBy(events.kind)
      .limit(100)
      .all(),
  };
}

function conditionOf({ db }: OpenDatabase, { logId, kind, holdsWatched }: z.output<typeof filterSchema>) {
  const matched = db.select({ one: sql`1` }).from(eventMatches).where(eq(eventMatches.eventId, events.id));
  return and(
    logId === undefined ? undefined : eq(events.logId, logId),
    kind === undefined ? undefined : kind === null ? isNull(events.kind) : eq(events.kind, kind),
    holdsWatched === undefined ? undefined : holdsWatched ? exists(matched) : notExists(matched),
  );
}
