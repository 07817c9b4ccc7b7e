import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { xml2js } from 'xml-js';
import { alertFeed } from '#app/_server/alert-feed.ts';
import type { ListedAlert } from '#lib/services/alert/list.ts';
import { MINT_TIME } from '#test/factories.ts';
import { alertOf, HOSTILE } from '#test/unit/notify/support.ts';

const listed = (overrides: Partial<ListedAlert> = {}): ListedAlert => ({
  ...alertOf(),
  mutedUntil: null,
  resolvedAt: null,
  ...overrides,
});

const feedOf = (...alerts: ListedAlert[]) =>
  alertFeed({ alerts, organisation: 'Models <Example>', address: 'https://m.example', now: MINT_TIME });

interface Entry {
  readonly id: { _text: string };
  readonly updated: { _text: string };
  readonly published: { _text: string };
  readonly title: { _text?: string; _cdata?: string };
  readonly link: { _attributes: { href: string } };
}

/** The entries, by a reader that is strict about well-formedness. */
function entriesOf(xml: string): Entry[] {
  const { feed } = xml2js(xml, { compact: true }) as { feed: { entry?: Entry | Entry[] } };
  return [feed.entry ?? []].flat();
}

describe('the Atom feed of alerts', () => {
  it('gives each alert an id that stays, and the time at which something last became of it', () => {
    const [first] = entriesOf(feedOf(listed()));
    const [later] = entriesOf(
      feedOf(listed({ state: 'resolved', count: 2, lastAt: MINT_TIME + 1, resolvedAt: MINT_TIME + 5000 })),
    );
    expect(first?.id._text).toBe('urn:modeltrail:alert:alr_0123456789abcdef01234567');
    expect(later?.id).toEqual(first?.id);
    expect(first?.updated._text).toBe('2026-03-12T09:14:03.000Z');
    expect(later?.updated._text).toBe('2026-03-12T09:14:08.000Z');
    expect(later?.published._text).toBe('2026-03-12T09:14:03.000Z');
    expect(first?.link._attributes.href).toBe('https://m.example/alerts/alr_0123456789abcdef01234567');
  });

  it('is one without an alert too', () => {
    expect(entriesOf(feedOf())).toEqual([]);
    expect(feedOf()).toContain('<id>urn:modeltrail:alerts</id>');
  });

  it('is well-formed, and has one entry an alert with our link alone, whatever strangers wrote', {
    timeout: 30_000,
  }, () => {
    const text = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 100 }));
    fc.assert(
      fc.property(text, text, (title, statement) => {
        const xml = feedOf(listed({ title, statement }));
        const entries = entriesOf(xml);
        expect(entries).toHaveLength(1);
        expect(xml).not.toMatch(/<(?:script|img|at)\b/i);
        expect([...xml.matchAll(/href="([^"]*)"/g)].map(([, href]) => href).sort()).toEqual([
          'https://m.example/alerts',
          'https://m.example/alerts/alr_0123456789abcdef01234567',
          'https://m.example/alerts/feed.atom',
        ]);
      }),
      { numRuns: 50 },
    );
  });
});
