import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { stableId } from '#lib/ids.ts';
import type { AliasName } from '#lib/provenance/input-name.ts';
import { slugOf } from '#lib/provenance/slug.ts';
import { getEvent } from '#lib/services/event/get.ts';
import { describeBundle, describeEvent, describeModel, describeVerification, describeVersion } from './describe.ts';
import { findByDigest } from './find-by-digest.ts';
import { findIdentities } from './find-identities.ts';
import type { KnownThing } from './known-thing.ts';

const inputSchema = z.object({ what: z.string().min(1).max(8192) });

/** Longest name that a slug stands for in lists of models. */
const MAX_SLUG = 200;

/** Hex digits of a digest, and what it can be of. */
const SCHEMES_BY_LENGTH: Readonly<Record<number, readonly string[]>> = {
  40: ['git'],
  64: ['sha256', 'blake3'],
  96: ['sha384'],
  128: ['sha512', 'blake2b'],
};

/**
 * All that is known under an id (`evt_…`, `bdl_…`, `vrf_…`, `ver_…`), a digest (hex, or `algorithm:hex`), the name or slug
 * of a model, or an identity. Names are compared whole, byte for byte. Empty where nothing is known.
 */
export async function lookUp(database: OpenDatabase, input: z.input<typeof inputSchema>): Promise<KnownThing[]> {
  const { what } = inputSchema.parse(input);
  const byId = await findById(database, what);
  if (byId) return [byId];
  const models = await Promise.all(slugsOf(what).map((slug) => describeModel(database, slug)));
  return [
    ...(await findByDigest(database, readDigest(what))),
    ...models.filter((model) => model !== null),
    ...(await findIdentities(database, { san: what })),
  ];
}

/** What a text can be a digest of; empty where it is none. */
export function readDigest(text: string): AliasName[] {
  const [, named, hex = ''] = /^(?:([a-z0-9]{1,10}):)?([0-9a-f]{40,128})$/i.exec(text) ?? [];
  const schemes = SCHEMES_BY_LENGTH[hex.length] ?? [];
  return schemes
    .filter((scheme) => named === undefined || named.toLowerCase() === scheme)
    .map((scheme) => ({ scheme, value: hex.toLowerCase() }));
}

async function findById(database: OpenDatabase, id: string): Promise<KnownThing | null> {
  if (id.length > 100) return null;
  if (id.startsWith('evt_')) {
    const detail = await getEvent(database, { id });
    return detail && describeEvent({ ...detail.event, origin: detail.log?.origin });
  }
  if (id.startsWith('bdl_')) return describeBundle(database, id);
  if (id.startsWith('vrf_')) return describeVerification(database, id);
  return id.startsWith('ver_') ? describeVersion(database, id) : null;
}

/** A name may be the slug of one model and the name of another. */
function slugsOf(what: string): string[] {
  const ofName = slugOf(what, stableId('model', what));
  return [...new Set([what, ofName])].filter((slug) => slug.length <= MAX_SLUG);
}
