import { dirname } from 'node:path';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import { encodeEntryBundle, firstEntries, parseEntryBundle } from '#lib/tlog/entry-bundle.ts';
import { equalBytes, HASH_BYTES, hashLeaf } from '#lib/tlog/hash.ts';
import { entryBundlePath, parseTile, TILE_WIDTH, type TileName, tilePath } from '#lib/tlog/tile.ts';
import { diskFiles, type MirrorFiles, replaceFile } from './files.ts';
import { type MirrorHead, NO_HEAD, readHeadOf } from './head.ts';
import { CHECKPOINT_FILE, logFolder, partialsOf, pathOf, STATE_FILE } from './layout.ts';
import { MirrorError } from './mirror-error.ts';
import { PartialTiles } from './partial-tiles.ts';
import { recover } from './recover.ts';
import { type FullTile, RightEdge } from './right-edge.ts';
import { checkLengths, checkRoom, mostBytes } from './room.ts';
import { formatState, type PendingSize, type StoredSize } from './state.ts';
import { UnflushedFiles } from './unflushed.ts';

export interface MirrorOptions {
  /** Most bytes that the tiles and bundles of this log may take; no limit without it. */
  readonly limit?: number | null;
  readonly files?: MirrorFiles;
}

/**
 * The mirror of one log on disk, in the layout of C2SP tlog-tiles.
 *
 *   append … → full tiles and bundles   flush → durable, to go on from   commit → partial tiles, then the checkpoint
 *
 * What is served is the last committed checkpoint and nothing beyond it. Killed anywhere, the mirror still serves that one
 * whole; opened again it goes on from there, or from the last flush. One store at a time may write a log's folder,
 * by one call at a time.
 *
 * A call that fails to write leaves the store unusable: open it anew.
 */
export class MirrorStore {
  readonly origin: string;
  /** The log's own folder. */
  readonly folder: string;
  /** Most bytes that it may take. It may change at any time. */
  limit: number | null;
  readonly #files: MirrorFiles;
  #unflushed: UnflushedFiles;
  #partials: PartialTiles;
  #head: MirrorHead = NO_HEAD;
  #headBytes = 0;
  #edge = new RightEdge();
  #fullBytes = 0;
  /** The entries behind the last full bundle. */
  #tail: Uint8Array[] = [];
  #pending: PendingSize | null = null;
  #failure: unknown;

  private constructor(folder: string, origin: string, { limit = null, files = diskFiles }: MirrorOptions) {
    this.origin = origin;
    this.folder = logFolder(folder, origin);
    this.limit = limit;
    this.#files = files;
    this.#unflushed = new UnflushedFiles(files, this.folder);
    this.#partials = new PartialTiles(files, this.folder, new Map());
  }

  /**
   * Opens the mirror of the log `origin` in the folder of all mirrors, or begins it.
   *
   * @throws {MirrorError} `damaged`, `not-writable`
   */
  static async open(folder: string, origin: string, options: MirrorOptions = {}): Promise<MirrorStore> {
    const store = new MirrorStore(folder, origin, options);
    await store.#writing(async () => {
      await store.#files.makeFolder(store.folder);
      for (const parent of [folder, dirname(folder)]) await store.#files.flush(parent);
      await store.#load();
    });
    return store;
  }

  /** Entries that it has taken: the index of the next one. After a crash, as many as were flushed or committed. */
  get size(): number {
    return this.#edge.size;
  }

  /** The tree of the checkpoint that is served; of size 0 before the first. */
  get head(): MirrorHead {
    return this.#head;
  }

  /** Bytes of all tiles and bundles, as lengths of files. */
  bytesUsed(): number {
    return this.#fullBytes + this.#partials.bytes;
  }

  /**
   * Takes the entries that follow, any number of them.
   *
   * @throws {MirrorError} `entry-too-long` or `limit`, before anything of them is taken.
   */
  async append(entries: readonly Uint8Array[]): Promise<void> {
    this.#checkUsable();
    checkLengths(this.origin, this.size, entries);
    this.#checkRoom(mostBytes(this.#tail) + mostBytes(entries));
    await this.#writing(async () => {
      for (const entry of entries) {
        this.#tail.push(entry);
        const full = this.#edge.append(hashLeaf(entry, nodeSha256));
        if (full.length > 0) await this.#writeFull(encodeEntryBundle(this.#tail), full);
      }
      const held = this.#tail.length - entries.length;
      this.#tail = this.#tail.map((entry, i) => (i < held ? entry : own(entry)));
    });
  }

  /**
   * Takes entry bundle `bundle` as a log served it, a full one as it is, byte for byte. Entries at its start that the mirror
   * has are passed over. The caller has hashed these very bytes to `leafHashes`, 32 bytes for each entry; entries of a partial
   * bundle beyond them are passed over too.
   *
   * @throws {MirrorError} `out-of-order` or `limit`, and {TlogError} for a malformed bundle, before anything is taken.
   */
  async appendBundle(bundle: number, bytes: Uint8Array, leafHashes: Uint8Array): Promise<void> {
    this.#checkUsable();
    const width = leafHashes.length / HASH_BYTES;
    const entries = parseEntryBundle(firstEntries(bytes, width), width);
    const leaves = parseTile(leafHashes, width);
    const held = this.#edge.levels[0] ?? [];
    const isNext = bundle === Math.floor(this.size / TILE_WIDTH) && width >= held.length;
    if (!isNext || !held.every((hash, i) => equalBytes(hash, leaves[i] ?? new Uint8Array()))) {
      throw new MirrorError(
        'out-of-order',
        `Bundle ${bundle} of width ${width} does not continue the ${this.size} entries that the mirror of ${this.origin} has.`,
      );
    }
    this.#checkRoom(mostBytes(entries));
    await this.#writing(async () => {
      if (width === TILE_WIDTH) {
        await this.#writeFull(bytes, this.#edge.appendTile(leafHashes));
        return;
      }
      for (const leaf of leaves.slice(held.length)) this.#edge.append(own(leaf));
      this.#tail = entries.map(own);
    });
  }

  /** Makes the full bundles and tiles durable, so that after a crash the mirror goes on behind them. */
  async flush(): Promise<void> {
    this.#checkUsable();
    await this.#writing(() => this.#writeState([{ size: this.#head.size, fullBytes: this.#headBytes }]));
  }

  /**
   * Serves the tree of this checkpoint, whose signature the caller has verified: writes its partial tiles, makes all durable
   * and then replaces the checkpoint file in one step.
   *
   * @throws {MirrorError} `wrong-checkpoint` or `limit`, with nothing changed; `root-mismatch` where the entries give
   *   another root: then the mirror is back at its last checkpoint.
   */
  async commit(checkpoint: MirrorHead & { readonly note: string }): Promise<void> {
    this.#checkUsable();
    const note = Buffer.from(checkpoint.note, 'utf8');
    const head: MirrorHead = { size: checkpoint.size, root: checkpoint.root };
    readHeadOf(note, this.origin, head);
    if (head.size !== this.size) {
      throw new MirrorError(
        'wrong-checkpoint',
        `The mirror of ${this.origin} has ${this.size} entries and cannot serve a checkpoint of ${head.size}.`,
      );
    }
    if (!equalBytes(this.#edge.root(), head.root)) {
      const { size } = this;
      await this.rewind();
      throw new MirrorError(
        'root-mismatch',
        `The ${size} entries written to the mirror of ${this.origin} give another root than the checkpoint. It is back at its last checkpoint, of size ${this.size}.`,
      );
    }
    const partials = this.#newPartials();
    this.#checkRoom(partials.reduce((sum, [, bytes]) => sum + bytes.length, 0));
    await this.#writing(() => this.#serve(head, note, partials));
  }

  /** Goes back to the last checkpoint: entries taken since are forgotten, and will be written over. */
  async rewind(): Promise<void> {
    this.#checkUsable();
    await this.#writing(async () => {
      const pending = this.#pending;
      this.#pending = null;
      if (pending) await this.#replaceState([{ size: this.#head.size, fullBytes: this.#headBytes }], null);
      await this.#load();
    });
  }

  async #load(): Promise<void> {
    const found = await recover(this.#files, this.folder, this.origin);
    this.#unflushed = new UnflushedFiles(this.#files, this.folder);
    this.#head = found.head;
    this.#headBytes = found.fullBytes;
    this.#partials = new PartialTiles(this.#files, this.folder, found.partials);
    this.#pending = found.pending;
    this.#edge = found.pending?.edge ?? found.edge;
    this.#fullBytes = found.pending?.fullBytes ?? found.fullBytes;
    this.#tail = found.pending ? [] : [...found.tail];
  }

  async #writeFull(bundle: Uint8Array, tiles: readonly FullTile[]): Promise<void> {
    const index = tiles[0]?.index ?? 0;
    const named = tiles.map(({ level, index, bytes }) => [tilePath(level, index), bytes] as const);
    for (const [path, bytes] of [[entryBundlePath(index), bundle] as const, ...named]) {
      await this.#unflushed.write(path, bytes);
      this.#fullBytes += bytes.length;
    }
    this.#tail = [];
  }

  /** The partial tiles of the present size that the served checkpoint does not have already. */
  #newPartials(): (readonly [TileName, Uint8Array])[] {
    const served = new Set(partialsOf(this.#head.size).map(pathOf));
    return partialsOf(this.size)
      .filter((name) => !served.has(pathOf(name)))
      .map((name) => [
        name,
        name.kind === 'entries' ? encodeEntryBundle(this.#tail) : Buffer.concat(this.#edge.levels[name.level] ?? []),
      ]);
  }

  async #serve(head: MirrorHead, note: Uint8Array, partials: readonly (readonly [TileName, Uint8Array])[]) {
    // Before the first partial tile, so that those of an unfinished commit are known and can be removed.
    await this.#writeState([
      { size: this.#head.size, fullBytes: this.#headBytes },
      { size: head.size, fullBytes: this.#fullBytes },
    ]);
    for (const [name, bytes] of partials) {
      await this.#unflushed.write(pathOf(name), bytes);
      this.#partials.add(pathOf(name), bytes.length);
    }
    await this.#unflushed.flush();
    await replaceFile(this.#files, this.folder, CHECKPOINT_FILE, note);
    this.#head = head;
    this.#headBytes = this.#fullBytes;
    for (const folder of await this.#partials.removeCovered(head.size)) this.#unflushed.removed(folder);
  }

  /** With the place behind the last full bundle, where that is beyond the checkpoint. */
  async #writeState(heads: readonly StoredSize[]): Promise<void> {
    const size = this.size - this.#tail.length;
    const edge = size > this.#head.size ? RightEdge.from(size, [[], ...this.#edge.levels.slice(1)]) : null;
    this.#pending = edge && { size, fullBytes: this.#fullBytes, edge };
    await this.#replaceState(heads, this.#pending);
  }

  async #replaceState(heads: readonly StoredSize[], pending: PendingSize | null): Promise<void> {
    // The state says nothing that the disk does not have, and names partial tiles until their removal is there too.
    await this.#unflushed.flush();
    await replaceFile(this.#files, this.folder, STATE_FILE, formatState({ origin: this.origin, heads, pending }));
  }

  async #writing(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#failure = error;
      if (error instanceof MirrorError) throw error;
      throw new MirrorError(
        'not-writable',
        `The mirror of ${this.origin} in ${this.folder} failed: ${(error as Error).message}. Check its disk and its rights; it goes on from its last flush.`,
        { cause: error },
      );
    }
  }

  #checkUsable(): void {
    if (this.#failure === undefined) return;
    throw new MirrorError('not-writable', `The mirror of ${this.origin} failed before, and must be opened anew.`, {
      cause: this.#failure,
    });
  }

  #checkRoom(bytes: number): void {
    checkRoom(this.origin, this.bytesUsed(), bytes, this.limit);
  }
}

/** A copy: the caller may use its buffers for something else, and a view would hold all of them. */
function own(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}
