import { quote, TlogError } from './error.ts';
import { HASH_BYTES, hashNode, nobleSha256, type Sha256 } from './hash.ts';
import { isSize } from './size.ts';

/**
 * Tiles of C2SP tlog-tiles: where they are served, and what is in them. Tile `index` of tile level L holds, left to
 * right, the roots of up to 256 complete subtrees of 256^L leaves, so tile levels are eight tree levels apart.
 */

/** Tree levels between two tile levels. */
export const TILE_HEIGHT = 8;

/** Hashes in a full tile, entries in a full bundle. */
export const TILE_WIDTH = 256;

/** A tile or an entry bundle, as named by its path. */
export type TileName =
  | { readonly kind: 'tile'; readonly level: number; readonly index: number; readonly width: number }
  | { readonly kind: 'entries'; readonly index: number; readonly width: number };

const MAX_TILE_LEVEL = 63;
const MAX_PATH_LENGTH = 64;
const PATH = /^tile\/(entries|0|[1-9][0-9]?)\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/;

/** Path of a tile below the log's prefix, as `tile/0/x001/234` or, when partial, `tile/0/x001/234.p/5`. */
export function tilePath(level: number, index: number, width = TILE_WIDTH): string {
  if (!Number.isInteger(level) || level < 0 || level > MAX_TILE_LEVEL) {
    throw new TlogError('bad-path', `Tile levels go from 0 to ${MAX_TILE_LEVEL}, not ${level}`);
  }
  return `tile/${level}/${indexPath(index, width)}`;
}

/** Path of an entry bundle below the log's prefix, as `tile/entries/x001/234`. */
export function entryBundlePath(index: number, width = TILE_WIDTH): string {
  return `tile/entries/${indexPath(index, width)}`;
}

/** Reads a path that `tilePath` or `entryBundlePath` gives, and no other spelling, or throws `bad-path`. */
export function parseTilePath(path: string): TileName {
  const [, kind, digits, partial] = (path.length <= MAX_PATH_LENGTH && PATH.exec(path)) || [];
  if (kind === undefined || digits === undefined) throw notATile(path);
  const index = Number(digits.replaceAll(/[x/]/g, ''));
  const width = partial === undefined ? TILE_WIDTH : Number(partial);
  const name: TileName =
    kind === 'entries' ? { kind, index, width } : { kind: 'tile', level: Number(kind), index, width };
  // Spelling the name anew refuses leading zeros, numbers out of range, and a full tile written as a partial one.
  const spelled = name.kind === 'tile' ? tilePath(name.level, index, width) : entryBundlePath(index, width);
  if (spelled !== path) throw notATile(path);
  return name;
}

/** Hashes that a tile has in a tree of `treeSize` leaves: 0 (there is none, never ask for it) to 256 (full). */
export function tileWidth(level: number, index: number, treeSize: number): number {
  const hashes = Math.floor(treeSize / TILE_WIDTH ** level) - index * TILE_WIDTH;
  return Math.min(Math.max(hashes, 0), TILE_WIDTH);
}

/** The hashes of a tile of `width`, as views of `bytes`. Throws `bad-tile` unless there are exactly 32 bytes for each. */
export function parseTile(bytes: Uint8Array, width: number): Uint8Array[] {
  if (!isTileWidth(width) || bytes.length !== width * HASH_BYTES) {
    throw new TlogError('bad-tile', `A tile of width ${width} cannot have ${bytes.length} bytes`);
  }
  return Array.from({ length: width }, (_, i) => bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES));
}

/** Root of the complete subtree with these nodes of one level, left to right; their number is a power of two. */
export function subtreeRoot(hashes: readonly Uint8Array[], sha256: Sha256 = nobleSha256): Uint8Array {
  let level = hashes;
  while (level.length > 1) level = parentHashes(level, sha256);
  const [root] = level;
  if (root === undefined) throw new TlogError('bad-tile', 'A subtree without nodes has no root');
  return root;
}

/** Whether a tile or an entry bundle can be that wide: 1 to 256. */
export function isTileWidth(width: number): boolean {
  return Number.isInteger(width) && width >= 1 && width <= TILE_WIDTH;
}

function notATile(path: string): TlogError {
  return new TlogError('bad-path', `Not the path of a tile or an entry bundle: ${quote(path)}`);
}

function indexPath(index: number, width: number): string {
  if (!isSize(index)) throw new TlogError('bad-path', `No tile has the index ${index}`);
  if (!isTileWidth(width)) throw new TlogError('bad-path', `No tile has the width ${width}`);
  const groups = [group(index)];
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) groups.unshift(`x${group(rest)}`);
  return groups.join('/') + (width === TILE_WIDTH ? '' : `.p/${width}`);
}

/** The last three decimal digits of `n`. */
function group(n: number): string {
  return String(n % 1000).padStart(3, '0');
}

function parentHashes(children: readonly Uint8Array[], sha256: Sha256): Uint8Array[] {
  const parents: Uint8Array[] = [];
  let left: Uint8Array | undefined;
  for (const child of children) {
    if (left === undefined) {
      left = child;
    } else {
      parents.push(hashNode(left, child, sha256));
      left = undefined;
    }
  }
  if (left !== undefined) throw new TlogError('bad-tile', 'A complete subtree has a power of two of nodes');
  return parents;
}
