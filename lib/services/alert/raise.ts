import { eq, sql } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { alerts } from '#db/schema/alert.ts';
import { stableId } from '#lib/ids.ts';
import { type AlertKind, type AlertSeverity, isAtLeast } from '#lib/provenance/alert-kind.ts';
import { severityHere } from './settings.ts';

export interface AlertInput {
  readonly kind: AlertKind;
  /** The default; the configuration may have another for the kind. */
  readonly severity: AlertSeverity;
  /** What it is about: alerts of one kind and subject are one. */
  readonly subject: string;
  /** One line of plain text. */
  readonly title: string;
  /** One paragraph of plain text: what, how it is known, what now. */
  readonly statement: string;
  /** Label to value. Routes go by `rule`, `rule 2`, … and `model`; messages are grouped by `identity` and `issuer`. */
  readonly evidence: Readonly<Record<string, string>>;
  /** Path of the page about it. */
  readonly href: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The id of the alert of a kind and subject, raised or not. */
export function alertId(kind: AlertKind, subject: string): string {
  return stableId('alert', kind, subject);
}

/**
 * Raises an alert, or counts it where it was raised before: a resolved one is new again, an acknowledged one only where it
 * became graver, a muted one stays silent until its time is over. In the transaction of what it tells of; whom it is told
 * to is worked out by the jobs.
 *
 * @returns its id.
 */
export function raiseAlert(tx: Writer, { now, evidence, ...given }: AlertInput): string {
  const id = alertId(given.kind, given.subject);
  const severity = severityHere(tx, given.kind, given.severity);
  const shown = { ...given, severity, evidence: JSON.stringify(evidence), lastAt: now, standing: true };
  const known = tx
    .select({ state: alerts.state, severity: alerts.severity, mutedUntil: alerts.mutedUntil })
    .from(alerts)
    .where(eq(alerts.id, id))
    .get();
  if (!known) {
    tx.insert(alerts)
      .values({ id, ...shown, state: 'new', count: 1, firstAt: now, tell: 'raised' })
      .run();
    return id;
  }
  tx.update(alerts)
    .set({ ...shown, ...again(known, severity, now), count: sql`${alerts.count} + 1` })
    .where(eq(alerts.id, id))
    .run();
  return id;
}

type Known = Pick<typeof alerts.$inferSelect, 'state' | 'severity' | 'mutedUntil'>;

/** What becomes of an alert that comes again. */
function again({ state, severity, mutedUntil }: Known, severityNow: AlertSeverity, now: number) {
  const anew = { state: 'new', mutedUntil: null, resolvedAt: null, tell: 'raised' } as const;
  const isGraver = !isAtLeast(severity, severityNow);
  switch (state) {
    case 'resolved':
      return anew;
    case 'muted':
      return mutedUntil === null || mutedUntil > now ? {} : anew;
    case 'acknowledged':
    case 'new':
      return isGraver ? anew : {};
  }
}
