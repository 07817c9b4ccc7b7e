import { Feed } from 'feed';
import { escapeMarkup, plainLine } from '#lib/notify/inert-text.ts';
import { ALERT, ALERT_STATE, SEVERITY } from '#lib/provenance/alert-words.ts';
import { formatUtc } from '#lib/provenance/format.ts';
import type { ListedAlert } from '#lib/services/alert/list.ts';

export interface AlertFeedInput {
  readonly alerts: readonly ListedAlert[];
  readonly organisation: string;
  /** Where the pages are, without a slash at the end. */
  readonly address: string;
  /** For a feed without an alert, milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Alerts as an Atom feed (RFC 4287). The id of an entry is that of its alert, and stays; `updated` is when it was last
 * raised or resolved.
 */
export function alertFeed({ alerts, organisation, address, now }: AlertFeedInput): string {
  const times = alerts.map(updatedAt);
  const feed = new Feed({
    id: 'urn:modeltrail:alerts',
    title: `Alerts of ${plainLine(organisation)}`,
    link: `${address}/alerts`,
    feedLinks: { atom: `${address}/alerts/feed.atom` },
    generator: 'Modeltrail',
    copyright: '',
    updated: new Date(times.length === 0 ? now : Math.max(...times)),
  });
  for (const alert of alerts) {
    const { id, kind, severity, state, title, statement, firstAt } = alert;
    feed.addItem({
      id: `urn:modeltrail:alert:${id}`,
      // The library writes titles of entries as HTML.
      title: escapeMarkup(`${SEVERITY[severity].word}: ${title}`),
      link: `${address}/alerts/${id}`,
      date: new Date(updatedAt(alert)),
      published: new Date(firstAt),
      category: [{ name: ALERT[kind].word, term: kind }],
      content: [
        `<p>${escapeMarkup(statement)}</p>`,
        `<p>${escapeMarkup(`${ALERT[kind].how} ${ALERT[kind].next}`)}</p>`,
        `<p>${escapeMarkup(`${ALERT_STATE[state].word}, first raised ${formatUtc(firstAt)}.`)}</p>`,
      ].join(''),
    });
  }
  return feed.atom1();
}

function updatedAt({ lastAt, resolvedAt }: ListedAlert): number {
  return Math.max(lastAt, resolvedAt ?? 0);
}
