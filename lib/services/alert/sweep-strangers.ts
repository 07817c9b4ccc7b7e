import { and, eq, inArray, isNotNull, ne, sql } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { preparedIn } from '#db/prepared.ts';
import { alerts } from '#db/schema/alert.ts';
import { eventMatches, events } from '#db/schema/event.ts';
import { withMatches } from './event-alert.ts';
import { alertId, raiseAlert } from './raise.ts';
import { EVENT_PAGE, selectEvents, strangerAlerts } from './raise-from-events.ts';

/** Groups looked at of each kind: the rest waits for the next sweep. */
const MOST = 5000;

const alertById = preparedIn((tx) =>
  tx
    .select({ id: alerts.id })
    .from(alerts)
    .where(eq(alerts.id, sql.placeholder('id')))
    .prepare(),
);

/**
 * Raises what a cursor cannot see, as it became so later than it was stored: an entry that was read again, a rule that
 * came later. One event of each signer or string will do.
 */
export function sweepStrangers(tx: Writer, now: number): void {
  const first = sql<number>`min(${events.row})`;
  const impersonations = tx
    .select({ row: first })
    .from(events)
    .where(eq(events.authenticity, 'impersonation'))
    .groupBy(events.san, events.issuer)
    .limit(MOST)
    .all();
  const lookAlikes = tx
    .select({ row: first })
    .from(eventMatches)
    .innerJoin(events, eq(events.id, eventMatches.eventId))
    .where(and(eq(eventMatches.how, 'look-alike'), ne(events.authenticity, 'impersonation')))
    .groupBy(eventMatches.rule, events.san, events.issuer)
    .limit(MOST)
    .all();
  const undecided = tx
    .select({ row: first })
    .from(eventMatches)
    .innerJoin(events, eq(events.id, eventMatches.eventId))
    .where(and(eq(eventMatches.how, 'bytes'), isNotNull(events.undecided)))
    .groupBy(eventMatches.rule, eventMatches.value)
    .limit(MOST)
    .all();
  const rows = [...new Set([...impersonations, ...lookAlikes, ...undecided].map(({ row }) => row))];
  for (let i = 0; i < rows.length; i += EVENT_PAGE) {
    for (const event of selectEvents(tx, inArray(events.row, rows.slice(i, i + EVENT_PAGE))).all()) {
      for (const alert of strangerAlerts(withMatches(tx, event), now)) {
        const id = alertId(alert.kind, alert.subject);
        if (!alertById(tx).get({ id })) raiseAlert(tx, alert);
      }
    }
  }
}
