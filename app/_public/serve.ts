import { createHash } from 'node:crypto';
import type { OpenDatabase } from '#db/client.ts';
import { publicAddress } from '#lib/services/config/public-address.ts';
import { getConfiguration } from '#lib/services/overview/configuration.ts';
import type { FoundPublication, Shared } from '#lib/services/sharing/find-publication.ts';
import { getPublic, type PublicVersion } from '#lib/services/sharing/get-public.ts';
import { listChanges } from '#lib/services/sharing/list-changes.ts';
import { getPublicProof } from '#lib/services/sharing/public-proofs.ts';
import { publicAssets } from './assets.ts';
import { renderBadge } from './badge.ts';
import { renderFeed } from './feed.ts';
import { manifestJson, manifestSums } from './manifest.ts';
import { type PageFrame, renderNotice, renderPage } from './page.ts';
import { type PreviewFacts, renderPreview } from './preview.tsx';
import { type Caching, PAGE_POLICY, type PublicAnswer } from './respond.ts';
import { shieldsOf, statusOf } from './status.ts';

/** What an address leads to, and where in it. */
export interface SharedRequest {
  readonly database: OpenDatabase;
  readonly shared: Shared;
  /** Null for an unlisted link: it has no badge, no feed and no preview. */
  readonly publication: FoundPublication | null;
  /** `/p/<slug>` or `/s/<secret>`. */
  readonly root: string;
  /** What stands behind it in the address. */
  readonly rest: readonly string[];
  /** When an unlisted link runs out. */
  readonly expiresAt: number | null;
}

const VERSION_KEY = /^[0-9a-f]{16}$/;
const JSON_TYPE = 'application/json; charset=utf-8';
const NO_SUCH_PAGE =
  'There is no such page. Nothing has been published under this address, or the link has run out or was taken back.';

export function assetsBase(): string {
  return `/p/_/${publicAssets().hash}`;
}

/** The one answer to every address that leads to nothing: it does not say which of them ever did. */
export function nothingHere(caching: Caching = 'public'): PublicAnswer {
  return notice(404, 'No such page', NO_SUCH_PAGE, caching);
}

export function notice(status: 404 | 410 | 429 | 503, title: string, text: string, caching: Caching): PublicAnswer {
  const body = renderNotice(title, text, assetsBase());
  return { status, type: 'text/html; charset=utf-8', body, caching, policy: PAGE_POLICY };
}

/** The answer to a request for a shared page, or for something that belongs to it. */
export async function serveShared(asked: SharedRequest): Promise<PublicAnswer> {
  const { rest, root, publication } = asked;
  const [first, ...others] = rest;
  const key = first !== undefined && VERSION_KEY.test(first) ? first : null;
  const [name, ...more] = key === null ? rest : others;
  const place = { ...asked, key, base: key === null ? root : `${root}/${key}` };
  const caching = publication ? 'public' : 'private';
  const answer = await (name === undefined ? page(place) : resource(place, name, more));
  return answer ? { ...answer, caching } : nothingHere(caching);
}

type Placed = SharedRequest & { readonly key: string | null; readonly base: string };
type Answer = Omit<PublicAnswer, 'caching'> | null;

async function page({ database, shared, key, base, root, expiresAt }: Placed): Promise<Answer> {
  const version = await getPublic(database, shared, key);
  if (!version) return null;
  const { organisation, trust } = await getConfiguration(database);
  const frame: PageFrame = {
    base,
    root,
    assets: assetsBase(),
    origin: publicAddress(database) ?? '',
    publisher: organisation,
    hasOwnTrustRoot: trust?.source === 'file',
    isPreview: false,
    expiresAt,
  };
  return { type: 'text/html; charset=utf-8', body: renderPage(version, frame), policy: PAGE_POLICY };
}

async function resource(place: Placed, name: string, more: readonly string[]): Promise<Answer> {
  const { database, shared, key, publication } = place;
  const [file, ...beyond] = more;
  if (file !== undefined) return beyond.length === 0 ? proof(place, name, file) : null;
  if (name === 'manifest.json') return manifestJson(database, shared, key);
  if (/^(?:SHA256|B2|B3)SUMS$/.test(name)) return manifestSums(database, shared, key, name);
  // What follows is for other sites to show: an unlisted page has none of it.
  if (!publication) return null;
  if (name === 'feed.atom') return key === null ? feed(place, publication) : null;
  const show = Object.hasOwn(SHOWN, name) ? SHOWN[name] : undefined;
  if (!show) return null;
  const version = await getPublic(database, shared, key);
  return version && { ...(await show(version, place, publication)), isForOthers: true };
}

type Show = (
  version: PublicVersion,
  place: Placed,
  publication: FoundPublication,
) => Exclude<Answer, null> | Promise<Exclude<Answer, null>>;

const SHOWN: Readonly<Record<string, Show | undefined>> = {
  'badge.svg': (version) => ({ type: 'image/svg+xml; charset=utf-8', body: renderBadge(version) }),
  'badge.json': (version) => ({ type: JSON_TYPE, body: `${JSON.stringify(shieldsOf(version))}\n` }),
  'status.json': (version, { database, base }) => ({
    type: JSON_TYPE,
    body: `${JSON.stringify(statusOf(version, `${publicAddress(database) ?? ''}${base}`), null, 2)}\n`,
  }),
  'preview.png': preview,
};

async function preview({ name, label, state, since }: PublicVersion, _: Placed, { slug }: FoundPublication) {
  const facts: PreviewFacts = { name, label, reserve: slug, state, since };
  const tag = createHash('sha256')
    .update(JSON.stringify(['preview 1', facts]))
    .digest('base64url')
    .slice(0, 27);
  return { type: 'image/png', body: await drawOnce(tag, facts), tag };
}

/** Drawing takes a tenth of a second: what was drawn is kept, for as many as are looked at in a while. */
const drawn = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
const MOST_DRAWN = 100;

function drawOnce(tag: string, facts: PreviewFacts): Promise<Uint8Array<ArrayBuffer>> {
  const kept = drawn.get(tag);
  if (kept) return kept;
  const made = renderPreview(facts);
  drawn.set(tag, made);
  made.catch(() => drawn.delete(tag));
  for (const oldest of drawn.keys()) {
    if (drawn.size <= MOST_DRAWN) break;
    drawn.delete(oldest);
  }
  return made;
}

async function feed({ database, shared, root }: Placed, publication: FoundPublication): Promise<Answer> {
  const changes = listChanges(database, publication);
  const version = changes && (await getPublic(database, shared, null));
  if (!version) return null;
  const origin = publicAddress(database) ?? '';
  const { organisation } = await getConfiguration(database);
  const facts = {
    name: version.name,
    publisher: organisation,
    page: `${origin}${root}`,
    feed: `${origin}${root}/feed.atom`,
    id: publication.slug,
    publishedAt: publication.publishedAt,
  };
  return { type: 'application/atom+xml; charset=utf-8', body: renderFeed(facts, changes), isForOthers: true };
}

const PROOFS: Readonly<
  Record<string, { readonly ending: RegExp; readonly what: 'bundle' | 'inclusion'; readonly type: string }>
> = {
  bundles: { ending: /^([0-9a-f]{16})\.sigstore\.json$/, what: 'bundle', type: 'application/json' },
  proofs: { ending: /^([0-9a-f]{16})\.tlog-proof$/, what: 'inclusion', type: 'text/plain; charset=utf-8' },
};

async function proof({ database, shared, key: version }: Placed, folder: string, file: string): Promise<Answer> {
  const kind = Object.hasOwn(PROOFS, folder) ? PROOFS[folder] : undefined;
  const key = kind?.ending.exec(file)?.[1];
  if (!kind || key === undefined) return null;
  const bytes = await getPublicProof(database, shared, { version, key, what: kind.what });
  return bytes && { type: kind.type, body: new Uint8Array(bytes), file, isForOthers: true };
}
