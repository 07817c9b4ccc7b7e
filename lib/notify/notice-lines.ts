import { ALERT, ALERT_STATE, SEVERITY } from '#lib/provenance/alert-words.ts';
import { formatPlural, formatUtc } from '#lib/provenance/format.ts';
import { elideMiddle } from '#lib/provenance/untrusted-text.ts';
import { plainLine } from './inert-text.ts';
import { type Delivery, linkTo, type NoticeAlert } from './notice.ts';

/** An alert as people read it, in the parts that channels set each in their own way. */
export interface AlertLines {
  /** Our own words: kind, severity and state. */
  readonly label: string;
  /** With strings of strangers, of which nothing hides or reorders text any more. */
  readonly title: string;
  readonly statement: string;
  readonly evidence: readonly (readonly [label: string, value: string])[];
  /** Our own words again. */
  readonly how: string;
  readonly next: string;
  readonly when: string;
  /** Null where nobody said where the pages are. */
  readonly link: string | null;
}

export function alertLines(alert: NoticeAlert, address: string | null, longest = Number.POSITIVE_INFINITY): AlertLines {
  const shown = (text: string) => elideMiddle(plainLine(text), longest);

  const { id, kind, severity, state, title, statement, evidence, count, firstAt, lastAt } = alert;
  const { word, how, next } = ALERT[kind];
  const times = count > 1 ? `, ${formatPlural(count, 'time')}, last ${formatUtc(lastAt)}` : '';
  return {
    label: `${SEVERITY[severity].word} · ${word} · ${ALERT_STATE[state].word}`,
    title: shown(title),
    statement: shown(statement),
    evidence: Object.entries(evidence).map(([name, value]) => [shown(name), shown(value)]),
    how,
    next,
    when: `${formatUtc(firstAt)}${times}`,
    link: linkTo(address, id),
  };
}

/** What a message says besides its alerts, in our own words. */
export function closingLine({ notice, address }: Delivery): string | null {
  const { kind, alerts, total } = notice;
  if (kind === 'test')
    return 'Somebody asked for this message to see whether the channel works. Nothing is to be done.';
  const left = total - alerts.length;
  if (left <= 0) return null;
  const where = address === null ? 'The page of alerts has them all.' : `All of them: ${address}/alerts`;
  return `${formatPlural(left, 'further alert')} not shown here. ${where}`;
}
