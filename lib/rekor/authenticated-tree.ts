import { CompactRange } from '#lib/tlog/compact-range.ts';
import { equalBytes } from '#lib/tlog/hash.ts';
import {
  completeSubtrees,
  consistencyProofRanges,
  foldSubtrees,
  inclusionProofRanges,
  type LeafRange,
} from '#lib/tlog/proof.ts';
import { parseTile, subtreeRoot, TILE_HEIGHT, TILE_WIDTH, tileWidth } from '#lib/tlog/tile.ts';
import { LogDataError } from './log-data-error.ts';
import { nodeSha256 } from './node-sha256.ts';
import type { TileSource } from './tile-client.ts';

/** Full tiles kept at hand: level 1 and up, each standing for 65,536 entries or more. */
const CACHED_TILES = 256;

/**
 * The hash tree of one checkpoint, of which every hash handed out has been bound to the checkpoint's root.
 *
 * The right edge (one partial tile a level) is proved at once: together it gives the root. Every full tile below is
 * proved by its own root, which must stand in the tile above (C2SP tlog-tiles; RFC 6962 2.1).
 */
export class AuthenticatedTree {
  readonly size: number;
  readonly root: Uint8Array;
  readonly #source: TileSource;
  readonly #signal: AbortSignal | undefined;
  /** The partial tile at the right edge of each level, empty where the level ends on a full tile. */
  readonly #edge: Uint8Array[][];
  readonly #tiles = new Map<string, Promise<Uint8Array[]>>();

  private constructor(
    source: TileSource,
    checkpoint: { size: number; root: Uint8Array },
    edge: Uint8Array[][],
    signal: AbortSignal | undefined,
  ) {
    this.#source = source;
    this.size = checkpoint.size;
    this.root = checkpoint.root;
    this.#edge = edge;
    this.#signal = signal;
  }

  /** @throws {LogDataError} where the right edge does not give the checkpoint's root. */
  static async open(
    source: TileSource,
    checkpoint: { size: number; root: Uint8Array },
    signal?: AbortSignal,
  ): Promise<AuthenticatedTree> {
    const levels: number[] = [];
    for (let count = checkpoint.size; count > 0; count = Math.floor(count / TILE_WIDTH)) levels.push(count);
    const edge = await Promise.all(
      levels.map(async (count, level) => {
        const width = count % TILE_WIDTH;
        if (width === 0) return [];
        return readTile(source, level, Math.floor(count / TILE_WIDTH), width, signal);
      }),
    );
    const range = edgeRange(edge);
    if (range.size !== checkpoint.size || !equalBytes(range.root(), checkpoint.root)) {
      throw new LogDataError(
        'root-mismatch',
        `The tiles at the right edge of size ${checkpoint.size} do not give the root that the log signed.`,
      );
    }
    return new AuthenticatedTree(source, checkpoint, edge, signal);
  }

  /** Hash of the complete subtree `index` of 2^level leaves. */
  async subtree(level: number, index: number): Promise<Uint8Array> {
    const height = level % TILE_HEIGHT;
    const count = 2 ** height;
    const hashes = await this.#tile((level - height) / TILE_HEIGHT, Math.floor((index * count) / TILE_WIDTH));
    const offset = (index * count) % TILE_WIDTH;
    const part = hashes.slice(offset, offset + count);
    if (part.length !== count) {
      throw new RangeError(`subtree ${level}/${index} is not complete in size ${this.size}`);
    }
    return subtreeRoot(part, nodeSha256);
  }

  /** What entry bundle `bundle` must hash to: the root of a full one's subtree, or a partial one's leaves, one after another. */
  async bundleHashes(bundle: number): Promise<Uint8Array> {
    const isFull = tileWidth(0, bundle, this.size) === TILE_WIDTH;
    return isFull ? this.subtree(TILE_HEIGHT, bundle) : Buffer.concat(this.#edge[0] ?? []);
  }

  /** The compact range of the first `size` entries: bound hashes, as all that the tree gives. */
  async rangeOf(size: number): Promise<CompactRange> {
    const hashes = completeSubtrees(0, size).map(({ level, index }) => this.subtree(level, index));
    return CompactRange.from(size, await Promise.all(hashes), nodeSha256);
  }

  /** RFC 6962 2.1.2: that the tree of `first` entries is the start of this one. */
  consistencyProof(first: number): Promise<Uint8Array[]> {
    return this.#fold(consistencyProofRanges(first, this.size));
  }

  /**
   * RFC 6962 2.1.1 for entry `index`. `leaves` are the (bound) leaf hashes of its bundle, so that nothing below a
   * bundle is fetched.
   */
  inclusionProof(index: number, leaves: readonly Uint8Array[]): Promise<Uint8Array[]> {
    const bundleStart = index - (index % TILE_WIDTH);
    return this.#fold(inclusionProofRanges(index, this.size), (level, at) => {
      const start = at * 2 ** level - bundleStart;
      if (level >= TILE_HEIGHT || start < 0 || start + 2 ** level > leaves.length) return undefined;
      return subtreeRoot(leaves.slice(start, start + 2 ** level), nodeSha256);
    });
  }

  #fold(
    ranges: readonly LeafRange[],
    known: (level: number, index: number) => Uint8Array | undefined = () => undefined,
  ): Promise<Uint8Array[]> {
    return Promise.all(
      ranges.map(async ({ start, end }) => {
        const parts = completeSubtrees(start, end).map(
          ({ level, index }) => known(level, index) ?? this.subtree(level, index),
        );
        return foldSubtrees(await Promise.all(parts), nodeSha256);
      }),
    );
  }

  #tile(level: number, index: number): Promise<Uint8Array[]> {
    const width = tileWidth(level, index, this.size);
    if (width < TILE_WIDTH) return Promise.resolve(this.#edge[level] ?? []);
    const key = `${level}/${index}`;
    const cached = this.#tiles.get(key);
    if (cached) return cached;
    const tile = this.#bindTile(level, index);
    tile.catch(() => this.#tiles.delete(key));
    this.#tiles.set(key, tile);
    const oldest = this.#tiles.keys().next();
    if (this.#tiles.size > CACHED_TILES && !oldest.done) this.#tiles.delete(oldest.value);
    return tile;
  }

  async #bindTile(level: number, index: number): Promise<Uint8Array[]> {
    const [hashes, expected] = await Promise.all([
      readTile(this.#source, level, index, TILE_WIDTH, this.#signal),
      this.subtree((level + 1) * TILE_HEIGHT, index),
    ]);
    if (equalBytes(subtreeRoot(hashes, nodeSha256), expected)) return hashes;
    throw new LogDataError(
      'tile-mismatch',
      `Tile ${level}/${index} is not the one under the root that the log signed.`,
    );
  }
}

function edgeRange(edge: readonly Uint8Array[][]): CompactRange {
  const range = CompactRange.empty(nodeSha256);
  for (let level = edge.length - 1; level >= 0; level--) {
    for (const hash of edge[level] ?? []) range.appendSubtree(level * TILE_HEIGHT, hash);
  }
  return range;
}

async function readTile(source: TileSource, level: number, index: number, width: number, signal?: AbortSignal) {
  const bytes = await source.tile(level, index, width, signal);
  try {
    return parseTile(bytes, width);
  } catch (error) {
    throw new LogDataError('malformed-tile', `Tile ${level}/${index} of width ${width}: ${(error as Error).message}.`);
  }
}
