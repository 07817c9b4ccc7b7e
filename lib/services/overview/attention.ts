import { and, count, desc, eq, exists, isNotNull, max, type SQL, sql } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { sourceFiles } from '#db/schema/bundle.ts';
import { eventMatches, events } from '#db/schema/event.ts';

/** Events of one signer that say the same thing. */
export interface EventGroup {
  readonly san: string | null;
  readonly issuer: string | null;
  readonly count: number;
  readonly latestAt: number;
}

export interface Attention {
  /** Verified signings of own identities that nobody has shown. */
  readonly unclaimed: readonly EventGroup[];
  /** Certificates that name a watched identity without a trusted authority behind them. */
  readonly impersonations: readonly EventGroup[];
  /** Entries that cannot be read and hold a watched string. */
  readonly undecided: readonly {
    readonly rule: string;
    readonly value: string;
    readonly count: number;
    readonly latestAt: number;
  }[];
  readonly refusedFiles: readonly {
    readonly code: string;
    readonly reason: string;
    readonly count: number;
    readonly latestAt: number;
  }[];
}

/** Groups shown of each kind; the filtered lists show all. */
const GROUP_LIMIT = 20;

/** What somebody should look at, grouped so that a thousand alike are one line. */
export async function getAttention(database: OpenDatabase): Promise<Attention> {
  const { db } = database;
  const own = exists(
    db
      .select({ one: sql`1` })
      .from(eventMatches)
      .where(and(eq(eventMatches.eventId, events.id), eq(eventMatches.own, true))),
  );
  return {
    unclaimed: groupBySigner(database, and(eq(events.claim, 'unclaimed'), eq(events.authenticity, 'verified'), own)),
    impersonations: groupBySigner(database, eq(events.authenticity, 'impersonation')),
    undecided: db
      .select({
        rule: eventMatches.rule,
        value: eventMatches.value,
        count: count(),
        latestAt: latest(events.occurredAt),
      })
      .from(eventMatches)
      .innerJoin(events, eq(events.id, eventMatches.eventId))
      .where(and(eq(eventMatches.how, 'bytes'), isNotNull(events.undecided)))
      .groupBy(eventMatches.rule, eventMatches.value)
      .orderBy(desc(max(events.occurredAt)))
      .limit(GROUP_LIMIT)
      .all(),
    refusedFiles: db
      .select({
        code: sql<string>`coalesce(${sourceFiles.reasonCode}, 'refused')`,
        reason: sql<string>`coalesce(max(${sourceFiles.reason}), '')`,
        count: count(),
        latestAt: latest(sourceFiles.checkedAt),
      })
      .from(sourceFiles)
      .where(eq(sourceFiles.outcome, 'refused'))
      .groupBy(sourceFiles.reasonCode)
      .orderBy(desc(max(sourceFiles.checkedAt)))
      .limit(GROUP_LIMIT)
      .all(),
  };
}

function groupBySigner({ db }: OpenDatabase, condition: SQL | undefined): EventGroup[] {
  return db
    .select({ san: events.san, issuer: events.issuer, count: count(), latestAt: latest(events.occurredAt) })
    .from(events)
    .where(condition)
    .groupBy(events.san, events.issuer)
    .orderBy(desc(max(events.occurredAt)))
    .limit(GROUP_LIMIT)
    .all();
}

function latest(column: typeof events.occurredAt | typeof sourceFiles.checkedAt): SQL<number> {
  return sql<number>`max(${column})`;
}
