import { and, inArray, sql } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { alerts } from '#db/schema/alert.ts';
import type { AlertKind } from '#lib/provenance/alert-kind.ts';

/** SQLite takes 32,766 values in one statement. */
const CHUNK = 5000;

/** Written out, as SQLite takes the index of standing alerts only then. */
export const STANDING = sql`${alerts.standing} = 1`;

/**
 * Notes that the causes of alerts are gone: they are resolved by themselves, and told so where they were told at all. In
 * the transaction that found it.
 *
 * @param ids of alerts; those that do not stand are passed over.
 */
export function settleAlerts(tx: Writer, ids: readonly string[], now: number): void {
  for (let i = 0; i < ids.length; i += CHUNK) {
    tx.update(alerts)
      .set({
        standing: false,
        resolvedAt: sql`CASE WHEN ${alerts.state} = 'resolved' THEN ${alerts.resolvedAt} ELSE ${now} END`,
        tell: sql`CASE WHEN ${alerts.state} = 'resolved' THEN ${alerts.tell} WHEN ${alerts.state} = 'muted' OR ${alerts.tell} = 'raised' THEN NULL ELSE 'resolved' END`,
        mutedUntil: null,
        state: 'resolved',
      })
      .where(and(inArray(alerts.id, ids.slice(i, i + CHUNK)), STANDING))
      .run();
  }
}

/** The alerts of these kinds whose causes were there when they were last looked for. */
export function standingAlerts(tx: Writer, kinds: readonly AlertKind[]) {
  return tx
    .select({ id: alerts.id, kind: alerts.kind, subject: alerts.subject, severity: alerts.severity })
    .from(alerts)
    .where(and(inArray(alerts.kind, [...kinds]), STANDING))
    .all();
}
