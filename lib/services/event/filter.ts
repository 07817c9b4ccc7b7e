import { and, eq, exists, gte, inArray, isNotNull, isNull, lt, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '#db/client.ts';
import { eventMatches, events } from '#db/schema/event.ts';
import { matchingRows, rowContains, searchExpression } from '#db/search.ts';

const TEXT_LIMIT = 8192;

/** Up to this many events of a rule or a search are looked up one by one. */
const RARE = 2000;

/** What the events list can be narrowed by; every part is optional, and together they are a conjunction. */
export const eventFilterSchema = z.object({
  /** Part of an identity, issuer, digest or name; three characters at the least. */
  search: z.string().max(TEXT_LIMIT).optional(),
  /** The identity as it is shown, whole. */
  identity: z.string().max(TEXT_LIMIT).optional(),
  issuer: z.string().max(TEXT_LIMIT).optional(),
  claim: z.enum(['model', 'other', 'probable', 'unclaimed']).optional(),
  authenticity: z.enum(['verified', 'impersonation', 'unverifiable']).optional(),
  logId: z.int().positive().optional(),
  rule: z.string().max(TEXT_LIMIT).optional(),
  /** Milliseconds since the epoch: from inclusive, to exclusive. */
  from: z.int().optional(),
  to: z.int().optional(),
  undecided: z.boolean().optional(),
  /** Only what a rule about the own organisation has met. */
  own: z.boolean().optional(),
  /** Only what no declared signing accounts for. */
  undeclared: z.boolean().optional(),
});

export type EventFilter = z.input<typeof eventFilterSchema>;

/** Whether a search is long enough for the index; a shorter one finds nothing and should be told so. */
export function isSearchable(search: string): boolean {
  return searchExpression(search) !== null;
}

/** The condition over `events` for a filter that the schema has passed. */
export function eventCondition(db: Db, filter: z.output<typeof eventFilterSchema>): SQL | undefined {
  const { search, identity, issuer, claim, authenticity, logId, rule, from, to, undecided, own, undeclared } = filter;
  return and(
    search === undefined ? undefined : searchCondition(db, search),
    identity === undefined ? undefined : eq(events.san, identity),
    issuer === undefined ? undefined : eq(events.issuer, issuer),
    claim === undefined ? undefined : eq(events.claim, claim),
    authenticity === undefined ? undefined : eq(events.authenticity, authenticity),
    logId === undefined ? undefined : eq(events.logId, logId),
    rule === undefined ? undefined : matchesRule(db, rule),
    from === undefined ? undefined : gte(events.occurredAt, from),
    to === undefined ? undefined : lt(events.occurredAt, to),
    undecided ? isNotNull(events.undecided) : undefined,
    own ? matches(db, eq(eventMatches.own, true)) : undefined,
    undeclared ? isNull(events.expectedBy) : undefined,
  );
}

/**
 * Few matches are best looked up one by one; many are best met on the way through the list, which is read in order
 * of time and stops after a page.
 */
function matchesRule(db: Db, rule: string): SQL {
  const byRule = () => db.select({ id: eventMatches.eventId }).from(eventMatches).where(eq(eventMatches.rule, rule));
  const isRare =
    byRule()
      .limit(RARE + 1)
      .all().length <= RARE;
  return isRare ? inArray(events.id, byRule()) : matches(db, eq(eventMatches.rule, rule));
}

function matches(db: Db, condition: SQL): SQL {
  return exists(
    db
      .select({ one: sql`1` })
      .from(eventMatches)
      .where(and(eq(eventMatches.eventId, events.id), condition)),
  );
}

/** As for rules. What is met on the way is read and compared: the index would be walked from its start for each. */
function searchCondition(db: Db, search: string): SQL {
  const expression = searchExpression(search);
  if (expression === null) return sql`0`;
  const isRare = db.all(sql`${matchingRows(expression)} LIMIT ${RARE + 1}`).length <= RARE;
  return isRare ? sql`${events.row} IN (${matchingRows(expression)})` : rowContains(events.row, search.trim());
}
