import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseTilePath, TILE_WIDTH, type TileName, tileWidth } from '#lib/tlog/tile.ts';
import type { StoryLogFacts } from '#test/story/facts.ts';

const HASH_BYTES = 32;

/** One recorded log at one of its recorded sizes. A tile of a smaller tree is the beginning of the same tile of a larger one. */
export class RecordedLog {
  readonly origin: string;
  /** Sizes it can stand at, ascending. */
  readonly sizes: readonly number[];
  #size: number;
  readonly #notes: ReadonlyMap<number, Buffer>;
  /** The widest recorded tile of each place. */
  readonly #tiles: ReadonlyMap<string, Buffer>;

  constructor(directory: string, facts: StoryLogFacts, size = facts.checkpoints[0] ?? 0) {
    const folder = join(directory, 'log', facts.origin);
    this.origin = facts.origin;
    this.sizes = facts.checkpoints;
    this.#notes = new Map(this.sizes.map((of) => [of, readFileSync(join(folder, 'checkpoints', String(of)))]));
    this.#tiles = readTiles(folder);
    this.#size = size;
    this.size = size;
  }

  get size(): number {
    return this.#size;
  }

  /** Forwards or, as a log must never do, backwards; only to sizes of which a signed checkpoint was recorded. */
  set size(size: number) {
    if (!this.#notes.has(size)) throw new Error(`${this.origin} has no recorded checkpoint of ${size} entries`);
    this.#size = size;
  }

  /** Moves to the next recorded checkpoint; false at the last one. */
  grow(): boolean {
    const next = this.sizes.find((size) => size > this.#size);
    if (next === undefined) return false;
    this.#size = next;
    return true;
  }

  /**
   * `checkpoint`, a tile or an entry bundle as of the current size; undefined where the log has none. As the specification
   * has it, a partial tile is there for each size that was signed, until the full one takes their place.
   */
  read(resource: string): Buffer | undefined {
    if (resource === 'checkpoint') return this.#notes.get(this.#size);
    const name = nameOf(resource);
    if (name === undefined) return undefined;
    const level = name.kind === 'tile' ? name.level : 0;
    const signed = this.sizes.filter((size) => size <= this.#size).map((size) => tileWidth(level, name.index, size));
    const widest = Math.max(0, ...signed);
    if (!signed.includes(name.width) || (widest === TILE_WIDTH && name.width < widest)) return undefined;
    const tile = this.#tiles.get(place(name));
    return tile?.subarray(0, name.kind === 'tile' ? name.width * HASH_BYTES : entriesEnd(tile, name.width));
  }
}

function readTiles(folder: string): Map<string, Buffer> {
  const files = readdirSync(join(folder, 'tile'), { recursive: true, withFileTypes: true }).filter((file) =>
    file.isFile(),
  );
  return new Map(
    files.map((file) => {
      const path = join(file.parentPath, file.name);
      return [place(parseTilePath(relative(folder, path).replaceAll('\\', '/'))), readFileSync(path)];
    }),
  );
}

function nameOf(resource: string): TileName | undefined {
  try {
    return parseTilePath(resource);
  } catch {
    return undefined;
  }
}

function place(name: TileName): string {
  return `${name.kind === 'tile' ? name.level : 'entries'}/${name.index}`;
}

/** Where the first `count` entries of a bundle end. */
function entriesEnd(bundle: Buffer, count: number): number {
  let at = 0;
  for (let i = 0; i < count; i += 1) at += 2 + bundle.readUInt16BE(at);
  return at;
}
