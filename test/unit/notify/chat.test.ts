import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeBlock } from '#lib/notify/inert-text.ts';
import { mattermostBody } from '#lib/notify/mattermost.ts';
import { slackBody } from '#lib/notify/slack.ts';
import { teamsBody } from '#lib/notify/teams.ts';
import { writeTest } from '#lib/notify/write-notice.ts';
import { MINT_TIME } from '#test/factories.ts';
import { alertOf, deliver, deliveryOf, HOSTILE, hostileAlert } from './support.ts';

type Json = Readonly<Record<string, unknown>>;

/** Every object anywhere in a value. */
function objectsOf(value: unknown): Json[] {
  if (Array.isArray(value)) return value.flatMap(objectsOf);
  if (typeof value !== 'object' || value === null) return [];
  return [value as Json, ...Object.values(value).flatMap(objectsOf)];
}

const text = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 200 }));

describe('a message for Slack', () => {
  const linkOnly = /^https:\/\/modeltrail\.models\.example\/alerts\/alr_[0-9a-f]+$/;

  it('sets what strangers wrote as text elements alone, and links to our own pages alone', () => {
    fc.assert(
      fc.property(text, (hostile) => {
        const body = JSON.parse(slackBody(deliveryOf([hostileAlert(hostile)])));
        const elements = objectsOf(body.blocks);
        const types = new Set(elements.map(({ type }) => type).filter((type) => type !== undefined));
        expect([...types].sort()).toEqual(['link', 'rich_text', 'rich_text_section', 'text']);
        const links = elements.filter(({ type }) => type === 'link').map(({ url }) => url);
        expect(links).toEqual([expect.stringMatching(linkOnly)]);
        expect(body).toMatchObject({ mrkdwn: false, link_names: false, unfurl_links: false, unfurl_media: false });
        expect(body.text).toBe('High: Unclaimed signing');
      }),
    );
  });

  it('says what it is, who, what now, and how to see more', () => {
    const body = slackBody(deliveryOf([alertOf({ count: 3 })]));
    for (const part of ['release-bot@models.example', 'Ask who holds the identity', '3 times', 'Release bot'])
      expect(body).toContain(part);
  });

  it('has at most 50 blocks, and says how many alerts it leaves out', () => {
    const alerts = Array.from({ length: 400 }, (_, i) => alertOf({ id: `alr_${i}` }));
    const body = JSON.parse(slackBody(deliveryOf(alerts, 'digest')));
    expect(body.blocks.length).toBeLessThanOrEqual(50);
    expect(body.blocks.length).toBeGreaterThan(8);
    expect(JSON.stringify(body)).toContain(`${400 - (body.blocks.length - 2)} further alerts not shown here`);
  });
});

describe('a message for Teams', () => {
  it('sets what strangers wrote as text runs alone, without a mention or an action of theirs', () => {
    fc.assert(
      fc.property(text, (hostile) => {
        const body = JSON.parse(teamsBody(deliveryOf([hostileAlert(hostile)])));
        const card = body.attachments[0].content;
        const types = new Set(objectsOf(card).flatMap(({ type }) => (typeof type === 'string' ? [type] : [])));
        expect([...types].sort()).toEqual(['Action.OpenUrl', 'AdaptiveCard', 'RichTextBlock', 'TextRun']);
        expect(card.msteams).toEqual({ width: 'Full' });
        expect(card.actions.map(({ url }: Json) => url)).toEqual([
          'https://modeltrail.models.example/alerts/alr_0123456789abcdef01234567',
        ]);
      }),
    );
  });

  it('stays below what Teams takes, whatever is in it', () => {
    const alerts = Array.from({ length: 30 }, (_, i) =>
      alertOf({ id: `alr_${i}`, title: 'é'.repeat(300), statement: '模'.repeat(2000) }),
    );
    expect(Buffer.byteLength(teamsBody(deliveryOf(alerts)))).toBeLessThan(28_000);
  });
});

describe('a message for Mattermost', () => {
  /** What stands outside of blocks of code, where Markdown counts. */
  function outsideOf(markdown: string): string {
    const outside: string[] = [];
    let fence: string | null = null;
    for (const line of markdown.split('\n')) {
      const [, ticks = '', info = ''] = /^(`{3,})(\w*)$/.exec(line) ?? [];
      if (fence === null && ticks !== '') fence = ticks;
      else if (fence !== null && ticks.length >= fence.length && info === '') fence = null;
      else if (fence === null) outside.push(line);
    }
    expect(fence).toBeNull();
    return outside.join('\n');
  }

  it('keeps what strangers wrote within blocks of code', () => {
    fc.assert(
      fc.property(text, (hostile) => {
        const hidden = JSON.parse(mattermostBody(deliveryOf([hostileAlert(hostile)]))).text;
        const plain = JSON.parse(mattermostBody(deliveryOf([hostileAlert('harmless')]))).text;
        expect(outsideOf(hidden)).toBe(outsideOf(plain));
      }),
    );
  });

  it('ends a block of code by its own fence alone', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('`', '\n', '~', ' ', 'a') }), { maxLength: 6 }),
        (lines) => {
          expect(outsideOf(codeBlock(lines))).toBe('');
        },
      ),
    );
  });

  it('stays below what Mattermost takes', () => {
    const alerts = Array.from({ length: 30 }, (_, i) => alertOf({ id: `alr_${i}`, statement: '`'.repeat(2000) }));
    expect(JSON.parse(mattermostBody(deliveryOf(alerts))).text.length).toBeLessThan(16_383);
  });
});

describe('a test message', () => {
  it.each([slackBody, teamsBody, mattermostBody])('says that it is one', (body) => {
    const sent = body(deliver(writeTest('soc_chat', MINT_TIME))).replaceAll('\\\\_', '_');
    expect(sent).toContain('Test of the channel soc_chat');
    expect(sent).toContain('Nothing is to be done.');
  });
});
