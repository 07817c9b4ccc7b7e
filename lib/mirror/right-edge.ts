import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import { CompactRange } from '#lib/tlog/compact-range.ts';
import { parseTile, subtreeRoot, TILE_HEIGHT, TILE_WIDTH } from '#lib/tlog/tile.ts';

/** A hash tile that has its 256 hashes. */
export interface FullTile {
  readonly level: number;
  readonly index: number;
  readonly bytes: Uint8Array;
}

/**
 * The partial tile of each level at the right edge of a growing tree (C2SP tlog-tiles): all that is needed to go on
 * appending, to write the tiles that become full, and to know the root.
 */
export class RightEdge {
  #size = 0;
  #levels: Uint8Array[][] = [[]];

  /** The edge of `size` leaves with these hashes, lowest level first, or null where their numbers are not those of such a tree. */
  static from(size: number, levels: readonly (readonly Uint8Array[])[]): RightEdge | null {
    const edge = new RightEdge();
    edge.#size = size;
    edge.#levels = levels.map((hashes) => [...hashes]);
    if (edge.#levels.length === 0) edge.#levels.push([]);
    return edge.#range().size === size && levels.every(({ length }) => length < TILE_WIDTH) ? edge : null;
  }

  get size(): number {
    return this.#size;
  }

  /** The hashes of each level's partial tile, lowest level first. Not to be written to. */
  get levels(): readonly (readonly Uint8Array[])[] {
    return this.#levels;
  }

  /** @returns the tiles that this leaf completes, lowest level first. */
  append(leafHash: Uint8Array): FullTile[] {
    this.#size++;
    return this.#push(0, leafHash);
  }

  /** Puts a full lowest tile in the place of the partial one, whose hashes it must begin with. */
  appendTile(bytes: Uint8Array): FullTile[] {
    const leaves = parseTile(bytes, TILE_WIDTH);
    this.#size += TILE_WIDTH - (this.#levels[0]?.length ?? 0);
    this.#levels[0] = leaves;
    return this.#complete(0, leaves, bytes);
  }

  /** Root of the tree of these leaves (RFC 6962, 2.1). */
  root(): Uint8Array {
    return this.#range().root();
  }

  #push(level: number, hash: Uint8Array): FullTile[] {
    const hashes = this.#levels[level] ?? [];
    this.#levels[level] = hashes;
    hashes.push(hash);
    return hashes.length < TILE_WIDTH ? [] : this.#complete(level, hashes, Buffer.concat(hashes));
  }

  #complete(level: number, hashes: readonly Uint8Array[], bytes: Uint8Array): FullTile[] {
    this.#levels[level] = [];
    const index = this.#size / TILE_WIDTH ** (level + 1) - 1;
    return [{ level, index, bytes }, ...this.#push(level + 1, subtreeRoot(hashes, nodeSha256))];
  }

  #range(): CompactRange {
    const range = CompactRange.empty(nodeSha256);
    for (let level = this.#levels.length - 1; level >= 0; level--) {
      for (const hash of this.#levels[level] ?? []) range.appendSubtree(level * TILE_HEIGHT, hash);
    }
    return range;
  }
}
