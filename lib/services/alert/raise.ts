import { eq, sql } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { preparedIn } from '#db/prepared.ts';
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

const BY_ID = eq(alerts.id, sql.placeholder('id'));
const COUNTED = {
  severity: sql`${sql.placeholder('severity')}`,
  title: sql`${sql.placeholder('title')}`,
  statement: sql`${sql.placeholder('statement')}`,
  evidence: sql`${sql.placeholder('evidence')}`,
  href: sql`${sql.placeholder('href')}`,
  lastAt: sql`${sql.placeholder('at')}`,
  standing: true,
  count: sql`${alerts.count} + 1`,
};

const knownAlert = preparedIn((tx) =>
  tx
    .select({ state: alerts.state, severity: alerts.severity, mutedUntil: alerts.mutedUntil })
    .from(alerts)
    .where(BY_ID)
    .prepare(),
);

const newAlert = preparedIn((tx) =>
  tx
    .insert(alerts)
    .values({
      id: sql.placeholder('id'),
      kind: sql.placeholder('kind'),
      severity: sql.placeholder('severity'),
      subject: sql.placeholder('subject'),
      title: sql.placeholder('title'),
      statement: sql.placeholder('statement'),
      evidence: sql.placeholder('evidence'),
      href: sql.placeholder('href'),
      state: 'new',
      count: 1,
      firstAt: sql.placeholder('at'),
      lastAt: sql.placeholder('at'),
      standing: true,
      tell: 'raised',
    })
    .prepare(),
);

const countedAlert = preparedIn((tx) => tx.update(alerts).set(COUNTED).where(BY_ID).prepare());

/** A resolved one, or one that became graver: it is told again. */
const renewedAlert = preparedIn((tx) =>
  tx
    .update(alerts)
    .set({ ...COUNTED, state: 'new', mutedUntil: null, resolvedAt: null, tell: 'raised' })
    .where(BY_ID)
    .prepare(),
);

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
  const shown = { ...given, id, severity, evidence: JSON.stringify(evidence), at: now };
  const known = knownAlert(tx).get({ id });
  if (!known) newAlert(tx).run(shown);
  else if (isNewAgain(known, severity, now)) renewedAlert(tx).run(shown);
  else countedAlert(tx).run(shown);
  return id;
}

type Known = Pick<typeof alerts.$inferSelect, 'state' | 'severity' | 'mutedUntil'>;

/** Whether an alert that comes again is to be told again. */
function isNewAgain({ state, severity, mutedUntil }: Known, severityNow: AlertSeverity, now: number): boolean {
  switch (state) {
    case 'resolved':
      return true;
    case 'muted':
      return mutedUntil !== null && mutedUntil <= now;
    case 'acknowledged':
    case 'new':
      return !isAtLeast(severity, severityNow);
  }
}
