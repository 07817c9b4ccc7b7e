import { ALERT_SEVERITIES, type AlertSeverity } from '#lib/provenance/alert-kind.ts';
import { ALERT, SEVERITY } from '#lib/provenance/alert-words.ts';
import { formatPlural } from '#lib/provenance/format.ts';
import { elideMiddle } from '#lib/provenance/untrusted-text.ts';
import type { Notice, NoticeAlert } from './notice.ts';

/** Alerts that one message shows; it says how many more there are. */
const MOST_SHOWN = 25;
/** Evidence that a message shows of each alert, and the longest value of it. */
const MOST_EVIDENCE = 12;
const VALUE_LIMIT = 500;
const STATEMENT_LIMIT = 2000;

export type Occasion = 'alert' | 'reminder' | 'resolved' | 'digest';

/** Writes what a message tells of these alerts, which are at least one. Long strings are cut in their middle. */
export function writeNotice(occasion: Occasion, alerts: readonly NoticeAlert[], at: number): Notice {
  return {
    kind: occasion === 'reminder' ? 'alert' : occasion,
    heading: headingOf(occasion, alerts),
    alerts: [...alerts].sort(byGravity).slice(0, MOST_SHOWN).map(bounded),
    total: alerts.length,
    at,
  };
}

/** The message that somebody asked for to see whether a channel works. */
export function writeTest(channel: string, at: number): Notice {
  return { kind: 'test', heading: `Test of the channel ${channel}`, alerts: [], total: 0, at };
}

function headingOf(occasion: Occasion, alerts: readonly NoticeAlert[]): string {
  const gravest = gravestOf(alerts);
  const kinds = new Set(alerts.map(({ kind }) => kind));
  const [kind] = kinds;
  const count = alerts.length > 1 ? ` (${alerts.length})` : '';
  const what = kinds.size === 1 && kind ? `${ALERT[kind].word}${count}` : formatPlural(alerts.length, 'alert');
  switch (occasion) {
    case 'resolved':
      return `Resolved: ${what}`;
    case 'reminder':
      return `Still new: ${what}, ${SEVERITY[gravest].word.toLowerCase()}`;
    case 'digest':
      return `Digest: ${formatPlural(alerts.length, 'alert')}, the gravest ${SEVERITY[gravest].word.toLowerCase()}`;
    case 'alert':
      return `${SEVERITY[gravest].word}: ${what}`;
  }
}

/** The worst severity of these. */
export function gravestOf(alerts: readonly Pick<NoticeAlert, 'severity'>[]): AlertSeverity {
  const most = Math.max(0, ...alerts.map(({ severity }) => ALERT_SEVERITIES.indexOf(severity)));
  return ALERT_SEVERITIES[most] ?? 'low';
}

function byGravity(a: NoticeAlert, b: NoticeAlert): number {
  return ALERT_SEVERITIES.indexOf(b.severity) - ALERT_SEVERITIES.indexOf(a.severity) || a.lastAt - b.lastAt;
}

function bounded(alert: NoticeAlert): NoticeAlert {
  const evidence = Object.entries(alert.evidence)
    .slice(0, MOST_EVIDENCE)
    .map(([label, value]) => [cut(label, 100), cut(value, VALUE_LIMIT)]);
  return {
    ...alert,
    title: cut(alert.title, 300),
    statement: cut(alert.statement, STATEMENT_LIMIT),
    evidence: Object.fromEntries(evidence),
  };
}

/** Half a character is none that every receiver could read. */
function cut(text: string, limit: number): string {
  return elideMiddle(text.toWellFormed(), limit);
}
