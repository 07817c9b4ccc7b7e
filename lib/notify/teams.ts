import { plainLine } from './inert-text.ts';
import { longestThatFits } from './longest-that-fits.ts';
import type { Delivery } from './notice.ts';
import { type AlertLines, alertLines, closingLine } from './notice-lines.ts';

/** Teams takes 28 KB. */
const MOST_ALERTS = 10;
const MAX_BYTES = 26_000;

type Run = Readonly<Record<string, unknown>>;

/**
 * An Adaptive Card (1.4) for a workflow of Teams that takes webhook requests. All of it is text runs, in which no Markdown
 * counts; a mention would need an entity, of which the card has none.
 */
export function teamsBody(delivery: Delivery): string {
  return longestThatFits(
    MOST_ALERTS,
    (count, longest) => cardOf(delivery, count, longest),
    (body) => Buffer.byteLength(body) <= MAX_BYTES,
  );
}

function cardOf(delivery: Delivery, count: number, longest: number): string {
  const { notice, address } = delivery;
  const shown = notice.alerts.slice(0, count);
  const closing = closingLine({ ...delivery, notice: { ...notice, alerts: shown } });
  const [first] = shown;
  const link = first && notice.total === 1 ? alertLines(first, address).link : address && `${address}/alerts`;
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'Full' },
    body: [
      block([run(notice.heading, { weight: 'bolder', size: 'medium' })]),
      ...shown.flatMap((alert) => alertBlocks(alertLines(alert, address, longest))),
      ...(closing === null ? [] : [block([run(closing)])]),
    ],
    actions: link ? [{ type: 'Action.OpenUrl', title: 'Open in Modeltrail', url: link }] : [],
  };
  const attachment = { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content };
  return JSON.stringify({ type: 'message', attachments: [attachment] });
}

function alertBlocks({ label, title, statement, evidence, next, when }: AlertLines): Run[] {
  return [
    { ...block([run(`${label}, ${when}`, { isSubtle: true })]), separator: true },
    block([run(title, { weight: 'bolder' })]),
    block([run(statement)]),
    block([run('What now: ', { weight: 'bolder' }), run(next)]),
    ...evidence.map(([name, value]) =>
      block([run(`${name}: `, { isSubtle: true }), run(value, { fontType: 'monospace' })]),
    ),
  ];
}

function block(inlines: readonly Run[]): Run {
  return { type: 'RichTextBlock', inlines };
}

/** Text is as it stands but for `{{DATE(…)}}` and `{{TIME(…)}}`, which would show as something else: braces are written out. */
function run(text: string, style: Run = {}): Run {
  return { type: 'TextRun', text: plainLine(text).replace(/\{(?=\{)/g, '\\u{7b}') || ' ', ...style };
}
