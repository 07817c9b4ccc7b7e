import { and, asc, eq, gt, inArray, lt, notExists, or, sql } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { alerts, digestItems, messageAlerts, messages } from '#db/schema/alert.ts';
import { auditEntries } from '#db/schema/audit.ts';
import { formatUtc } from '#lib/provenance/format.ts';
import type { AlertPlace } from './list.ts';

/** So many resolved alerts are looked at in one transaction. */
const BATCH = 500;

export interface Pruning {
  /** Alerts resolved before this go, milliseconds since the epoch. */
  readonly before: number;
  /** Where the last batch ended; null at the start. */
  readonly after: AlertPlace | null;
  readonly now: number;
}

export interface Pruned {
  readonly dropped: number;
  /** Those of which the title alone was kept. */
  readonly shortened: number;
  /** Where to go on; null at the end. */
  readonly next: AlertPlace | null;
}

/**
 * Drops alerts that were resolved by themselves before a time. Of those that somebody decided about the line stays, for the
 * audit trail that names them, and so that one whose cause is still there is not raised again; its details go.
 */
export function pruneAlerts(tx: Writer, { before, after, now }: Pruning): Pruned {
  const isDecided = tx
    .select({ one: sql`1` })
    .from(auditEntries)
    .where(and(eq(auditEntries.chain, 'alerts'), eq(auditEntries.target, alerts.id)));
  const page = tx
    .select({
      id: alerts.id,
      lastAt: alerts.lastAt,
      standing: alerts.standing,
      evidence: alerts.evidence,
      isDecided: sql<number>`EXISTS ${isDecided}`,
      isDue: sql<number>`${and(lt(alerts.resolvedAt, before), notExists(waitingFor(tx)), notExists(digestOf(tx)))}`,
    })
    .from(alerts)
    .where(
      and(
        eq(alerts.state, 'resolved'),
        lt(alerts.lastAt, before),
        after === null
          ? undefined
          : or(gt(alerts.lastAt, after.lastAt), and(eq(alerts.lastAt, after.lastAt), gt(alerts.id, after.id))),
      ),
    )
    .orderBy(asc(alerts.lastAt), asc(alerts.id))
    .limit(BATCH)
    .all();
  const due = page.filter(({ isDue }) => isDue === 1);
  const isKept = (row: (typeof page)[number]) => row.standing || row.isDecided === 1;
  const dropped = due.filter((row) => !isKept(row)).map(({ id }) => id);
  const shortened = due.filter((row) => isKept(row) && row.evidence !== NOTHING).map(({ id }) => id);
  if (dropped.length > 0) {
    tx.delete(messageAlerts).where(inArray(messageAlerts.alertId, dropped)).run();
    tx.delete(alerts).where(inArray(alerts.id, dropped)).run();
  }
  if (shortened.length > 0) {
    const statement = `What was known of it was removed ${formatUtc(now)}, as alerts.keep says. The audit trail has who decided about it, and why.`;
    tx.update(alerts).set({ statement, evidence: NOTHING }).where(inArray(alerts.id, shortened)).run();
  }
  const last = page.at(-1);
  const next = last && page.length === BATCH ? { lastAt: last.lastAt, id: last.id } : null;
  return { dropped: dropped.length, shortened: shortened.length, next };
}

const NOTHING = '{}';

/** Messages that are still to be sent of it. */
function waitingFor(tx: Writer) {
  return tx
    .select({ one: sql`1` })
    .from(messageAlerts)
    .innerJoin(messages, and(eq(messages.id, messageAlerts.messageId), eq(messages.state, 'pending')))
    .where(eq(messageAlerts.alertId, alerts.id));
}

function digestOf(tx: Writer) {
  return tx.select({ one: sql`1` }).from(digestItems).where(eq(digestItems.alertId, alerts.id));
}
