import { and, asc, desc, eq, inArray, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db, OpenDatabase } from '#db/client.ts';
import { bundleSubjects, bundles } from '#db/schema/bundle.ts';
import { eventMatches, events } from '#db/schema/event.ts';
import { logs } from '#db/schema/log.ts';
import { models, versions } from '#db/schema/model.ts';
import { matchingRows, searchExpression } from '#db/search.ts';
import { eventCondition, eventFilterSchema } from './filter.ts';

/** A place in the list, which is sorted by time and id, newest first. */
const placeSchema = z.object({ occurredAt: z.int(), id: z.string().max(100) });

export type EventPlace = z.infer<typeof placeSchema>;

const inputSchema = z.object({
  filter: eventFilterSchema,
  /** Events older than this place, or newer than it; at most one of the two. */
  olderThan: placeSchema.optional(),
  newerThan: placeSchema.optional(),
  limit: z.int().min(1).max(200),
});

export interface EventPage {
  readonly events: readonly EventSummary[];
  /** Where the neighbouring pages begin; null where there is none. */
  readonly older: EventPlace | null;
  readonly newer: EventPlace | null;
}

/** One row of the list. `about` names the model, or else the first subject, that a verified bundle shows. */
export type EventSummary = ReturnType<typeof selectSummaries>[number] & {
  readonly rules: readonly EventRule[];
  readonly about: { readonly name: string; readonly slug: string | null } | null;
};

export type EventRule = Pick<typeof eventMatches.$inferSelect, 'rule' | 'field' | 'how' | 'own'>;

/** A page of events, newest first. */
export async function listEvents(database: OpenDatabase, input: z.input<typeof inputSchema>): Promise<EventPage> {
  const { filter, olderThan, newerThan, limit } = inputSchema.parse(input);
  const condition = eventCondition(database.db, filter);
  const place = olderThan
    ? sql`(${events.occurredAt}, ${events.id}) < (${olderThan.occurredAt}, ${olderThan.id})`
    : newerThan && sql`(${events.occurredAt}, ${events.id}) > (${newerThan.occurredAt}, ${newerThan.id})`;
  const isBackwards = newerThan !== undefined && olderThan === undefined;
  const found = selectSummaries(database, and(condition, place), isBackwards ? 'oldest' : 'newest', limit + 1);
  const hasMore = found.length > limit;
  const rows = found.slice(0, limit);
  if (isBackwards) rows.reverse();
  const first = rows[0];
  const last = rows.at(-1);
  return {
    events: addContext(database, rows),
    older: last && (isBackwards || hasMore) ? placeOf(last) : null,
    newer: first && (isBackwards ? hasMore : olderThan !== undefined) ? placeOf(first) : null,
  };
}

const countSchema = z.object({ filter: eventFilterSchema, upTo: z.int().min(1).max(1_000_000) });

/** How many events there are, counted to `upTo` and no further: what the number is then is "at least". */
export async function countEvents({ db }: OpenDatabase, input: z.input<typeof countSchema>): Promise<number> {
  const { filter, upTo } = countSchema.parse(input);
  const { search, ...others } = filter;
  if (search !== undefined && Object.values(others).every((part) => part === undefined)) {
    return countFound(db, search, upTo);
  }
  const some = db
    .select({ one: sql`1`.as('one') })
    .from(events)
    .where(eventCondition(db, filter))
    .limit(upTo)
    .as('some');
  return db.select({ count: sql<number>`count(*)` }).from(some).get()?.count ?? 0;
}

/** Every event is in the search index once, which counts what it finds without reading it. */
function countFound(db: Db, search: string, upTo: number): number {
  const expression = searchExpression(search);
  if (expression === null) return 0;
  const [row] = db.values<[number]>(sql`SELECT count(*) FROM (${matchingRows(expression)} LIMIT ${upTo})`);
  return row?.[0] ?? 0;
}

function placeOf({ occurredAt, id }: EventPlace): EventPlace {
  return { occurredAt, id };
}

function selectSummaries({ db }: OpenDatabase, condition: SQL | undefined, order: 'newest' | 'oldest', limit: number) {
  const by = order === 'newest' ? desc : asc;
  return db
    .select({
      id: events.id,
      occurredAt: events.occurredAt,
      signedAt: events.signedAt,
      signedAtSource: events.signedAtSource,
      firstSeenAt: events.firstSeenAt,
      san: events.san,
      issuer: events.issuer,
      publicKeySha256: events.publicKeySha256,
      kind: events.kind,
      digestAlgorithm: events.digestAlgorithm,
      digest: events.digest,
      authenticity: events.authenticity,
      claim: events.claim,
      undecided: events.undecided,
      logId: events.logId,
      logIndex: events.logIndex,
      origin: logs.origin,
      expectedBy: events.expectedBy,
    })
    .from(events)
    .leftJoin(logs, eq(logs.id, events.logId))
    .where(condition)
    .orderBy(by(events.occurredAt), by(events.id))
    .limit(limit)
    .all();
}

function addContext({ db }: OpenDatabase, rows: ReturnType<typeof selectSummaries>): EventSummary[] {
  const ids = rows.map(({ id }) => id);
  const rules = db
    .select({
      eventId: eventMatches.eventId,
      rule: eventMatches.rule,
      field: eventMatches.field,
      how: eventMatches.how,
      own: eventMatches.own,
    })
    .from(eventMatches)
    .where(inArray(eventMatches.eventId, ids))
    .orderBy(eventMatches.rule)
    .all();
  const subjects = db
    .select({ eventId: bundles.eventId, subject: bundleSubjects.name, model: models.name, slug: models.slug })
    .from(bundles)
    .leftJoin(bundleSubjects, and(eq(bundleSubjects.bundleId, bundles.id), eq(bundleSubjects.position, 0)))
    .leftJoin(versions, sql`${versions.id} = ${bundles.versionId} OR ${versions.root} = ${bundleSubjects.digest}`)
    .leftJoin(models, eq(models.id, versions.modelId))
    .where(and(inArray(bundles.eventId, ids), eq(bundles.state, 'verified')))
    .all();
  return rows.map((row) => {
    const shown = subjects.filter(({ eventId }) => eventId === row.id);
    const best = shown.find(({ model }) => model !== null) ?? shown[0];
    const name = best?.model ?? best?.subject;
    return {
      ...row,
      rules: rules.filter(({ eventId }) => eventId === row.id),
      about: name ? { name, slug: best?.slug ?? null } : null,
    };
  });
}
