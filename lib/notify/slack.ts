import { plainLine } from './inert-text.ts';
import { longestThatFits } from './longest-that-fits.ts';
import type { Delivery } from './notice.ts';
import { type AlertLines, alertLines, closingLine } from './notice-lines.ts';

/**
 * A message has 50 blocks at the most. Beside that Slack refuses blocks of more than some 13,000 characters in all
 * (`msg_blocks_too_long`), which it documents for blocks of Markdown alone.
 */
const MOST_ALERTS = 15;
const MAX_BLOCKS = 12_000;

interface RichText {
  type: 'text';
  text: string;
  style?: { bold?: true; code?: true };
}

interface RichLink {
  type: 'link';
  url: string;
  text: string;
}

/** As Block Kit has it: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block. */
export interface SlackBlock {
  type: 'rich_text';
  elements: { type: 'rich_text_section'; elements: (RichText | RichLink)[] }[];
}

export interface SlackMessage {
  /** The fallback, which notifications show. */
  text: string;
  mrkdwn: false;
  link_names: false;
  unfurl_links: false;
  unfurl_media: false;
  blocks: SlackBlock[];
}

/**
 * A message for an incoming webhook of Slack. Everything stands in rich text, whose texts Slack shows as they are: a mention
 * or a link is an element of its own there, so that none can come of a string. The fallback has our own words alone.
 */
export function slackBody(delivery: Delivery): string {
  return longestThatFits(
    MOST_ALERTS,
    (count, longest) => JSON.stringify(messageOf(delivery, count, longest)),
    (body) => body.length <= MAX_BLOCKS,
  );
}

function messageOf(delivery: Delivery, count: number, longest: number): SlackMessage {
  const { notice, address } = delivery;
  const shown = notice.alerts.slice(0, count);
  const closing = closingLine({ ...delivery, notice: { ...notice, alerts: shown } });
  const sections = [
    [text(notice.heading, { bold: true })],
    ...shown.map((alert) => alertSection(alertLines(alert, address, longest))),
    ...(closing === null ? [] : [[text(closing)]]),
  ];
  return {
    text: escapeFallback(notice.heading),
    mrkdwn: false,
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
    blocks: sections.map((elements) => ({
      type: 'rich_text',
      elements: [{ type: 'rich_text_section', elements }],
    })),
  };
}

function alertSection({ label, title, statement, evidence, next, when, link }: AlertLines): (RichText | RichLink)[] {
  return [
    text(`${label}, ${when}\n`),
    text(title, { bold: true }),
    text('\n'),
    text(statement),
    text('\nWhat now: '),
    text(next),
    ...evidence.flatMap(([name, value]) => [text(`\n${name}: `), text(value, { code: true })]),
    ...(link === null ? [] : [text('\n'), { type: 'link' as const, url: link, text: 'Open the alert' }]),
  ];
}

/** Line breaks of our own stay; what a stranger wrote is one line. */
function text(value: string, style?: RichText['style']): RichText {
  const shown = value.split('\n').map(plainLine).join('\n');
  return { type: 'text', text: shown === '' ? ' ' : shown, ...(style ? { style } : {}) };
}

function escapeFallback(value: string): string {
  return plainLine(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
