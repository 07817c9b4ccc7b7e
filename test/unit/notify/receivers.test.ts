import { type MarkdownNode, Parser } from '@mattermost/commonmark';
import type { KnownBlock } from '@slack/types';
import { AdaptiveCard, SerializationContext, Versions } from 'adaptivecards';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mattermostBody } from '#lib/notify/mattermost.ts';
import type { Delivery } from '#lib/notify/notice.ts';
import { type SlackMessage, slackBody } from '#lib/notify/slack.ts';
import { teamsBody } from '#lib/notify/teams.ts';
import { writeTest } from '#lib/notify/write-notice.ts';
import { MINT_TIME } from '#test/factories.ts';
import { alertOf, deliver, deliveryOf, HOSTILE, hostileAlert } from './support.ts';

// Messages as those read them who get them: Microsoft's own renderer of cards, Slack's own types and limits, Mattermost's
// own parser of Markdown.

const LINK = 'https://modeltrail.models.example/alerts/alr_0123456789abcdef01234567';

/** What strangers would write to ping, to lead elsewhere, to hide, or to make a message too long to be taken. */
const WORST = [
  ...HOSTILE,
  '@channel',
  '@all',
  '<!everyone>',
  '<!subteam^S012AB3CD>',
  'https://evil.example www.evil.example evil@evil.example',
  '#hashtag :tada: ~town-square',
  '[release-bot](https://evil.example)',
  '\u202e\u2066\u200f\u061c',
  '\u202e'.repeat(600),
  '模'.repeat(600),
  '"\\'.repeat(300),
  '`'.repeat(600),
];
const text = fc.oneof(fc.constantFrom(...WORST), fc.string({ unit: 'binary', maxLength: 700 }));

/** One alert in which a string stands everywhere, with as much evidence as an alert may show. */
function filledWith(hostile: string): Delivery {
  const evidence = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`${i} ${hostile}`, hostile]));
  return deliveryOf([{ ...hostileAlert(hostile), statement: hostile.repeat(4), evidence }]);
}

const everyBody = [slackBody, teamsBody, mattermostBody] as const;

describe('a message in a chat', () => {
  it('shows its alert, however long and odd the strings of strangers are', () => {
    fc.assert(
      fc.property(text, (hostile) => {
        for (const body of everyBody) expect(body(filledWith(hostile))).toContain(LINK);
      }),
    );
  });

  it('has nothing in it that hides, reorders or ends text', () => {
    fc.assert(
      fc.property(text, (hostile) => {
        for (const body of everyBody) {
          const strings = stringsOf(JSON.parse(body(filledWith(hostile)))).join('');
          expect(strings.replaceAll('\n', '')).not.toMatch(/[\p{C}\p{Default_Ignorable_Code_Point}]/u);
        }
      }),
    );
  });
});

describe('a card, for the renderer of Microsoft', () => {
  function parse(delivery: Delivery) {
    const [attachment] = JSON.parse(teamsBody(delivery)).attachments;
    const context = new SerializationContext(Versions.v1_4);
    const card = new AdaptiveCard();
    card.parse(attachment.content, context);
    const events = Array.from({ length: context.eventCount }, (_, i) => context.getEventAt(i).message);
    return { card, problems: [...events, ...card.validateProperties().validationEvents.map(({ message }) => message)] };
  }

  it.each([
    ['an alert', deliveryOf([alertOf({ count: 3 })])],
    ['resolved alerts', deliveryOf([alertOf({ state: 'resolved' })], 'resolved')],
    [
      'a digest of many',
      deliveryOf(
        Array.from({ length: 90 }, (_, i) => alertOf({ id: `alr_${i}` })),
        'digest',
      ),
    ],
    ['a test', deliver(writeTest('soc-teams', MINT_TIME))],
    ['one without an address', { ...deliveryOf([alertOf()]), address: null }],
  ])('is valid in version 1.4: %s', (_, delivery) => {
    expect(parse(delivery).problems).toEqual([]);
  });

  it('is valid whatever strangers wrote, and has their strings as they are shown', () => {
    fc.assert(
      fc.property(text, (hostile) => {
        const { card, problems } = parse(deliveryOf([hostileAlert(hostile)]));
        expect(problems).toEqual([]);
        expect(card.getItemCount()).toBeGreaterThan(4);
        expect(card.getActionCount()).toBe(1);
      }),
    );
  });

  it('is said to be at fault where it is', () => {
    const context = new SerializationContext(Versions.v1_4);
    new AdaptiveCard().parse({ type: 'AdaptiveCard', version: '1.4', body: [{ type: 'Nonsense' }] }, context);
    expect(context.eventCount).toBeGreaterThan(0);
  });
});

describe('a message for Slack', () => {
  /** Held against Slack's own types by the compiler. */
  const blocksOf = ({ blocks }: SlackMessage): readonly KnownBlock[] => blocks;
  const read = (delivery: Delivery): SlackMessage => JSON.parse(slackBody(delivery));

  it('stays within what Slack takes, however much there is', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 60 }), (hostile, count) => {
        const alerts = Array.from({ length: count }, () => hostileAlert(hostile));
        for (const delivery of [deliveryOf(alerts, 'digest'), filledWith(hostile)]) {
          const blocks = blocksOf(read(delivery));
          expect(blocks.length).toBeLessThanOrEqual(50);
          // Slack counts some 13,000 characters of all blocks with what is around them.
          expect(JSON.stringify(blocks).length).toBeLessThanOrEqual(12_000);
        }
      }),
    );
  });

  it('has a fallback in which no markup of Slack counts', () => {
    fc.assert(
      fc.property(text, (hostile) => {
        expect(read(filledWith(hostile)).text).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
        expect(read(deliver({ ...writeTest('x', MINT_TIME), heading: hostile })).text).not.toMatch(
          /[<>]|&(?!amp;|lt;|gt;)/,
        );
      }),
    );
  });
});

describe('a message for Mattermost, by its own parser', () => {
  const parser = new Parser({ urlFilter: () => true, minimumHashtagLength: 3 });

  function nodesOf(markdown: string): MarkdownNode[] {
    const walker = parser.parse(markdown).walker();
    const nodes: MarkdownNode[] = [];
    for (let step = walker.next(); step; step = walker.next()) if (step.entering) nodes.push(step.node);
    return nodes;
  }

  it('has no mention, hashtag, emoji, picture or link of a stranger', () => {
    fc.assert(
      fc.property(text, (hostile) => {
        const nodes = nodesOf(JSON.parse(mattermostBody(filledWith(hostile))).text);
        const types = new Set(nodes.map(({ type }) => type));
        expect([...types].sort()).toEqual(['code_block', 'document', 'heading', 'link', 'paragraph', 'strong', 'text']);
        expect(nodes.filter(({ type }) => type === 'link').map(({ destination }) => destination)).toEqual([LINK]);
      }),
    );
  });

  it('reads mentions and links where they are not in blocks of code', () => {
    const types = nodesOf('@channel ~town-square #hashtag https://evil.example').map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(['at_mention', 'channel_link', 'hashtag', 'link']));
  });
});

/** Every string anywhere in a value. */
function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(stringsOf);
}
