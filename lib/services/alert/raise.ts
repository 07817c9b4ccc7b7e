import { eq, sql } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { alerts } from '#db/schema/alert.ts';
import { stableId } from '#lib/ids.ts';
import type { AlertKind, AlertSeverity } from '#lib/provenance/alert-kind.ts';

export interface AlertInput {
  readonly kind: AlertKind;
  readonly severity: AlertSeverity;
  /** What it is about: alerts of one kind and subject are one. */
  readonly subject: string;
  /** One line of plain text. */
  readonly title: string;
  /** One paragraph of plain text: what, how it is known, what now. */
  readonly statement: string;
  readonly evidence: Readonly<Record<string, string>>;
  /** Path of the page about it. */
  readonly href: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Raises an alert, or counts it where it was raised before: a resolved one is new again. In the transaction of what it tells of. */
export function raiseAlert(tx: Writer, { now, evidence, ...said }: AlertInput): string {
  const id = stableId('alert', said.kind, said.subject);
  const shown = { ...said, evidence: JSON.stringify(evidence), lastAt: now };
  const known = tx.select({ state: alerts.state }).from(alerts).where(eq(alerts.id, id)).get();
  if (!known) {
    tx.insert(alerts)
      .values({ id, ...shown, state: 'new', count: 1, firstAt: now })
      .run();
    return id;
  }
  const again = known.state === 'resolved' ? { state: 'new' as const, resolvedAt: null } : {};
  tx.update(alerts)
    .set({ ...shown, ...again, count: sql`${alerts.count} + 1` })
    .where(eq(alerts.id, id))
    .run();
  return id;
}
