import { and, eq, inArray, lt, ne, notExists, sql } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { alerts, messageAlerts, messages } from '#db/schema/alert.ts';

/** Messages, and rows of what they told of, that go in one transaction. A digest may tell of thousands. */
const BATCH = 100;
const MOST_ROWS = 5000;

/**
 * Drops messages that were taken or given up before a time. One that tells of an alert which is still open stays: whom it
 * was told to, and when, says when it is told again.
 *
 * @param before milliseconds since the epoch.
 * @returns how many went; 0 where there are no more.
 */
export function pruneMessages(tx: Writer, before: number): number {
  const isOfOpen = tx
    .select({ one: sql`1` })
    .from(messageAlerts)
    .innerJoin(alerts, eq(alerts.id, messageAlerts.alertId))
    .where(and(eq(messageAlerts.messageId, messages.id), ne(alerts.state, 'resolved')));
  const told = sql<number>`(SELECT count(*) FROM ${messageAlerts} WHERE ${messageAlerts.messageId} = ${messages.id})`;
  const found = tx
    .select({ id: messages.id, told })
    .from(messages)
    .where(and(inArray(messages.state, ['sent', 'failed']), lt(messages.nextAttemptAt, before), notExists(isOfOpen)))
    .limit(BATCH)
    .all();
  const ids: string[] = [];
  let rows = 0;
  for (const message of found) {
    rows += message.told;
    // The first one goes in any case.
    if (ids.length > 0 && rows > MOST_ROWS) break;
    ids.push(message.id);
  }
  if (ids.length > 0) tx.delete(messages).where(inArray(messages.id, ids)).run();
  return ids.length;
}
