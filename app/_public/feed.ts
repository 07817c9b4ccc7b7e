import { hash } from 'node:crypto';
import { Feed } from 'feed';
import { showText } from '#lib/provenance/untrusted-text.ts';
import type { PublicChange } from '#lib/services/sharing/list-changes.ts';
import { escapeMarkup } from './html.ts';

interface FeedFacts {
  readonly name: string;
  readonly publisher: string | null;
  /** Of the page and of the feed; relative where the public address is not known. */
  readonly page: string;
  readonly feed: string;
  /** What tells this feed from every other, for ever. */
  readonly id: string;
  readonly publishedAt: number;
}

/** The library takes whole addresses only; where ours is not known, this stands before them and is taken off again. */
const NOWHERE = 'https://relative.invalid';

/** Atom (RFC 4287) of what changed. Ids say nothing of what things are called here. */
export function renderFeed(facts: FeedFacts, changes: readonly PublicChange[]): string {
  const name = [...showText(facts.name)].slice(0, 120).join('');
  const feed = new Feed({
    title: `Provenance of ${name}`,
    id: urn(facts.id),
    link: absolute(facts.page),
    feedLinks: { atom: absolute(facts.feed) },
    updated: new Date(changes[0]?.at ?? facts.publishedAt),
    copyright: '',
    generator: 'Modeltrail',
    author: { name: facts.publisher === null ? 'Modeltrail' : showText(facts.publisher) },
  });
  for (const { key, statement, at } of changes) {
    feed.addItem({
      // The library says that titles of entries are HTML.
      title: escapeMarkup(showText(statement)),
      id: urn(`${facts.id} ${key}`),
      link: absolute(facts.page),
      date: new Date(at),
      published: new Date(at),
    });
  }
  return feed.atom1().replaceAll(NOWHERE, '');
}

function absolute(address: string): string {
  return address.startsWith('/') ? `${NOWHERE}${address}` : address;
}

/** A name-based UUID of version 8 (RFC 9562, 5.8) over SHA-256. */
function urn(name: string): string {
  const hex = hash('sha256', `modeltrail feed ${name}`);
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(18, 20)}-${hex.slice(20, 32)}`;
}
