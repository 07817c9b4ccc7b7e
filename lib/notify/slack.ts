import { plainLine } from './inert-text.ts';
import type { Delivery } from './notice.ts';
import { type AlertLines, alertLines, closingLine } from './notice-lines.ts';

/** A message has 50 blocks at the most, and a text 3,000 characters. */
const MOST_ALERTS = 15;
const MAX_TEXT = 2500;

interface RichText {
  readonly type: 'text';
  readonly text: string;
  readonly style?: { readonly bold?: true; readonly code?: true };
}

interface RichLink {
  readonly type: 'link';
  readonly url: string;
  readonly text: string;
}

/**
 * A message for an incoming webhook of Slack. Everything stands in rich text, whose texts Slack shows as they are: a mention
 * or a link is an element of its own there, so that none can come of a string. The fallback has our own words alone.
 */
export function slackBody(delivery: Delivery): string {
  const { notice, address } = delivery;
  const shown = notice.alerts.slice(0, MOST_ALERTS);
  const closing = closingLine({ ...delivery, notice: { ...notice, alerts: shown } });
  const sections = [
    [text(notice.heading, { bold: true })],
    ...shown.map((alert) => alertSection(alertLines(alert, address))),
    ...(closing === null ? [] : [[text(closing)]]),
  ];
  return JSON.stringify({
    text: escapeFallback(notice.heading),
    mrkdwn: false,
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
    blocks: sections.map((elements) => ({
      type: 'rich_text',
      elements: [{ type: 'rich_text_section', elements }],
    })),
  });
}

function alertSection({ label, title, statement, evidence, next, when, link }: AlertLines): (RichText | RichLink)[] {
  return [
    text(`${label}, ${when}\n`),
    text(title, { bold: true }),
    text('\n'),
    text(statement),
    text('\nWhat now: '),
    text(next),
    ...evidence.flatMap(([name, value]) => [text(`\n${plainLine(name)}: `), text(value, { code: true })]),
    ...(link === null ? [] : [text('\n'), { type: 'link' as const, url: link, text: 'Open the alert' }]),
  ];
}

/** Line breaks of our own stay; what a stranger wrote is one line. */
function text(value: string, style?: RichText['style']): RichText {
  const shown = value.split('\n').map(plainLine).join('\n').slice(0, MAX_TEXT).toWellFormed();
  return { type: 'text', text: shown === '' ? ' ' : shown, ...(style ? { style } : {}) };
}

function escapeFallback(value: string): string {
  return plainLine(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
