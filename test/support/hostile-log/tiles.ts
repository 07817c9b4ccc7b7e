import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import { encodeEntryBundle, parseEntryBundle } from '#lib/tlog/entry-bundle.ts';
import { hashLeaf } from '#lib/tlog/hash.ts';
import type { TileName } from '#lib/tlog/tile.ts';
import { subtreeRoot } from '#lib/tlog/tile.ts';
import { failure, type Misbehaviour, type Reply, type ShownTree } from './misbehaviour.ts';
import { noise } from './noise.ts';

type Change = (honest: Buffer, tile: TileName, shown: ShownTree) => Reply | undefined;

/** One that changes tiles or bundles under a good checkpoint. */
function answer(
  name: string,
  does: string,
  code: Parameters<typeof failure>[0],
  changes: { readonly tile?: Change; readonly entries?: Change },
): Misbehaviour {
  const begin: Misbehaviour['begin'] = () => ({
    replies: ({ tile }, honest, shown) => {
      if (!tile || !honest) return undefined;
      return (tile.kind === 'tile' ? changes.tile : changes.entries)?.(honest, tile, shown);
    },
  });
  return { name, does, ...failure(code), begin };
}

/** A full bundle behind what is held, and one at the right edge, in every scene. */
const FULL = 3;
const HASH = 32;
const NOT_THERE = { status: 404 };

const [other = Buffer.alloc(0)] = noise('swapped in', 1);

function entriesOf(bundle: Buffer, { width }: TileName): Uint8Array[] {
  return parseEntryBundle(bundle, width);
}

function encode(entries: readonly Uint8Array[]): Buffer {
  return Buffer.concat(entries.map((entry) => Buffer.from(encodeEntryBundle([entry]))));
}

/** Entries changed before they are put together again, in full bundles or in that of the right edge. */
const changed =
  (where: 'full' | 'edge', change: (entries: Uint8Array[]) => Uint8Array[]): Change =>
  (honest, tile) => {
    const isThere = where === 'full' ? tile.index === FULL : tile.width < 256 && tile.index > FULL;
    return isThere ? encode(change(entriesOf(honest, tile))) : undefined;
  };

const swapped = (entries: Uint8Array[]) => entries.with(2, other);

function reordered(tile: Buffer): Buffer {
  return Buffer.concat([tile.subarray(HASH, 2 * HASH), tile.subarray(0, HASH), tile.subarray(2 * HASH)]);
}

/** The tile above with the root of the forged bundle in it. */
const forgedAbove: Change = (honest, tile, { log, size }) => {
  if (tile.kind !== 'tile') return undefined;
  const forged = swapped([...parseEntryBundle(log.bundle(FULL, size), 256)]).map((entry) =>
    hashLeaf(entry, nodeSha256),
  );
  if (tile.level === 0) return tile.index === FULL ? Buffer.concat(forged) : undefined;
  const root = Buffer.from(subtreeRoot(forged, nodeSha256));
  return Buffer.concat([honest.subarray(0, FULL * HASH), root, honest.subarray((FULL + 1) * HASH)]);
};

/** Tiles and bundles that are not those of the tree that was signed. */
export const TILES: readonly Misbehaviour[] = [
  answer('swapped-entry', 'puts another entry into a full bundle, under right tiles', 'entry-mismatch', {
    entries: changed('full', swapped),
  }),
  answer('swapped-entry-at-the-edge', 'puts another entry into the last bundle, under right tiles', 'entry-mismatch', {
    entries: changed('edge', swapped),
  }),
  answer('swapped-entry-under-forged-leaves', 'puts another entry into a bundle and into its tile', 'entry-mismatch', {
    entries: changed('full', swapped),
    tile: (honest, tile, shown) =>
      tile.kind === 'tile' && tile.level === 0 ? forgedAbove(honest, tile, shown) : undefined,
  }),
  answer(
    'swapped-entry-under-forged-tiles',
    'puts another entry into a bundle and into all tiles above',
    'root-mismatch',
    {
      entries: changed('full', swapped),
      tile: forgedAbove,
    },
  ),
  answer('forged-full-tile', 'changes a full tile that the growth is proved by', 'tile-mismatch', {
    tile: (honest, tile) =>
      tile.kind === 'tile' && tile.level === 0 && tile.width === 256 ? reordered(honest) : undefined,
  }),
  answer('short-bundle', 'leaves the last entry of a bundle out', 'malformed-bundle', {
    entries: changed('full', (entries) => entries.slice(0, -1)),
  }),
  answer('cut-bundle', 'cuts a bundle in the middle of an entry', 'malformed-bundle', {
    entries: (honest) => honest.subarray(0, 1000),
  }),
  answer('bundle-with-extra-entries', 'adds an entry to a full bundle', 'malformed-bundle', {
    entries: changed('full', (entries) => [...entries, other]),
  }),
  answer('entry-length-beyond-the-bundle', 'gives an entry a length that leads out of its bundle', 'malformed-bundle', {
    entries: (honest) => Buffer.concat([Buffer.from([0xff, 0xff]), honest.subarray(2, 60_000)]),
  }),
  answer('duplicate-entry', 'gives one entry twice in the place of two', 'entry-mismatch', {
    entries: changed('full', (entries) => entries.with(3, entries[2] ?? other)),
  }),
  answer('reordered-entries', 'gives two entries in the other order', 'entry-mismatch', {
    entries: changed('full', (entries) => entries.with(2, entries[3] ?? other).with(3, entries[2] ?? other)),
  }),
  answer('bundle-of-another-index', 'answers with another bundle than asked for', 'entry-mismatch', {
    entries: (_, { width }, { log, size }) => encode(parseEntryBundle(log.bundle(0, size), 256).slice(0, width)),
  }),
  answer('reordered-tile', 'gives two hashes of a tile in the other order', 'root-mismatch', {
    tile: (honest) => reordered(honest),
  }),
  answer('tile-of-another-index', 'answers with another tile than asked for', 'root-mismatch', {
    tile: (_, { width }, { log, size }) => log.tile(0, 1, size).subarray(0, width * HASH),
  }),
  answer('narrow-tile', 'answers with a tile of one hash fewer', 'malformed-tile', {
    tile: (honest) => honest.subarray(HASH),
  }),
  answer('wide-tile', 'answers with a tile of one hash more', 'too-large', {
    tile: (honest) => Buffer.concat([honest, Buffer.alloc(HASH)]),
  }),
  answer('tile-of-half-a-hash', 'answers with a tile that ends in half a hash', 'malformed-tile', {
    tile: (honest) => honest.subarray(HASH / 2),
  }),
  answer('empty-tiles', 'answers with nothing for tiles', 'malformed-tile', { tile: () => Buffer.alloc(0) }),
  answer('empty-bundles', 'answers with nothing for bundles', 'malformed-bundle', { entries: () => Buffer.alloc(0) }),
  answer('pages-for-tiles', 'answers with a web page for tiles', 'malformed-tile', {
    tile: () => Buffer.from('<!doctype html><title>Welcome</title>'),
  }),
  answer('pages-for-bundles', 'answers with a web page for bundles', 'malformed-bundle', {
    entries: () => Buffer.from('<!doctype html><title>Welcome</title>'),
  }),
  answer('withheld-tiles', 'has no tiles for the checkpoint that it signed', 'not-found', { tile: () => NOT_THERE }),
  answer('withheld-entries', 'has tiles, but no entries for the checkpoint that it signed', 'not-found', {
    entries: () => NOT_THERE,
  }),
];
