import { codeBlock } from './inert-text.ts';
import { longestThatFits } from './longest-that-fits.ts';
import type { Delivery } from './notice.ts';
import { type AlertLines, alertLines, closingLine } from './notice-lines.ts';

/** Mattermost takes 16,383 characters. */
const MOST_ALERTS = 15;
const MAX_TEXT = 15_000;

/**
 * A message for an incoming webhook of Mattermost, in Markdown. What strangers wrote stands in blocks of code that nothing
 * in them can end: there is no mention, link or picture there.
 */
export function mattermostBody(delivery: Delivery): string {
  const text = longestThatFits(
    MOST_ALERTS,
    (count, longest) => textOf(delivery, count, longest),
    (written) => written.length <= MAX_TEXT,
  );
  return JSON.stringify({ text });
}

function textOf(delivery: Delivery, count: number, longest: number): string {
  const { notice, address } = delivery;
  const shown = notice.alerts.slice(0, count);
  const closing = closingLine({ ...delivery, notice: { ...notice, alerts: shown } });
  const parts = [
    `#### ${ownWords(notice.heading)}`,
    ...shown.map((alert) => alertText(alertLines(alert, address, longest))),
    ...(closing === null ? [] : [closing]),
  ];
  return parts.join('\n\n');
}

function alertText({ label, title, statement, evidence, next, when, link }: AlertLines): string {
  const facts = evidence.map(([name, value]) => `${name}: ${value}`);
  return [
    `**${label}**, ${when}`,
    codeBlock([title, statement, ...facts]),
    `What now: ${next}${link === null ? '' : ` [Open the alert](${link})`}`,
  ].join('\n');
}

/** A heading has the name of a channel in it: a letter, figure, full stop, hyphen or underscore, of which one is Markdown. */
function ownWords(text: string): string {
  return text.replaceAll('_', '\\_');
}
