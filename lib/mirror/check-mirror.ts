import { join } from 'node:path';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import { hashEntryBundle, parseEntryBundle } from '#lib/tlog/entry-bundle.ts';
import { equalBytes } from '#lib/tlog/hash.ts';
import { parseTile, subtreeRoot, TILE_WIDTH, type TileName, tileWidth } from '#lib/tlog/tile.ts';
import { diskFiles, type MirrorFiles } from './files.ts';
import { type MirrorHead, readHead } from './head.ts';
import { CHECKPOINT_FILE, logFolder, pathOf } from './layout.ts';
import { RightEdge } from './right-edge.ts';

/** One thing that is wrong, with the file's path below the log's folder. */
export interface MirrorProblem {
  readonly path: string;
  readonly problem: string;
}

export interface MirrorReport {
  /** The served checkpoint; null where it cannot be read. */
  readonly head: MirrorHead | null;
  /** Files read. */
  readonly files: number;
  /** The first thousand. */
  readonly problems: readonly MirrorProblem[];
  readonly problemCount: number;
}

const MOST_PROBLEMS = 1000;

/**
 * Reads every tile and entry bundle of the checkpoint that the mirror of `origin` serves, computes every hash and the root
 * anew from the entries, and says which files are not as they must be. Changes nothing, and may run while the mirror grows.
 * What lies beyond the checkpoint is not looked at. Signatures are not verified: the note is held against the tree only.
 *
 * @returns null where there is no mirror of that log, or it serves nothing yet.
 */
export async function checkMirror(
  folder: string,
  origin: string,
  { files = diskFiles, signal }: { readonly files?: MirrorFiles; readonly signal?: AbortSignal } = {},
): Promise<MirrorReport | null> {
  const own = logFolder(folder, origin);
  const note = await files.read(join(own, CHECKPOINT_FILE));
  if (!note) return null;
  const check = new MirrorCheck(files, own);
  const head = check.readHead(note, origin);
  if (head) await check.checkTree(head, signal);
  return check.report(head);
}

class MirrorCheck {
  readonly #files: MirrorFiles;
  readonly #folder: string;
  readonly #problems: MirrorProblem[] = [];
  #problemCount = 0;
  #fileCount = 1;

  constructor(files: MirrorFiles, folder: string) {
    this.#files = files;
    this.#folder = folder;
  }

  report(head: MirrorHead | null): MirrorReport {
    return { head, files: this.#fileCount, problems: this.#problems, problemCount: this.#problemCount };
  }

  readHead(note: Uint8Array, origin: string): MirrorHead | null {
    try {
      const head = readHead(note);
      if (head.origin === origin) return head;
      this.#add(CHECKPOINT_FILE, `is one of the log ${head.origin}`);
    } catch (error) {
      this.#add(CHECKPOINT_FILE, `is no checkpoint: ${(error as Error).message}`);
    }
    return null;
  }

  async checkTree({ size, root }: MirrorHead, signal?: AbortSignal): Promise<void> {
    const edge = new RightEdge();
    for (let index = 0; index * TILE_WIDTH < size; index++) {
      signal?.throwIfAborted();
      const leaves = await this.#leaves(index, size);
      if (!leaves) {
        this.#add(CHECKPOINT_FILE, `cannot be held against the entries: those from ${index * TILE_WIDTH} on are lost`);
        return;
      }
      const full = leaves.flatMap((leaf) => edge.append(leaf));
      for (const { level, index, bytes } of full) if (level > 0) await this.#compareTile(level, index, bytes, size);
    }
    for (const [level, hashes] of edge.levels.entries()) {
      const index = Math.floor(size / TILE_WIDTH ** (level + 1));
      if (level > 0 && hashes.length > 0) await this.#compareTile(level, index, Buffer.concat(hashes), size);
    }
    if (!equalBytes(edge.root(), root)) this.#add(CHECKPOINT_FILE, 'has another root than the entries give');
  }

  /** Leaf hashes of a bundle: of its entries, or of the tile where that is the one that is right. */
  async #leaves(index: number, size: number): Promise<Uint8Array[] | null> {
    const width = tileWidth(0, index, size);
    const names = {
      bundle: { kind: 'entries', index, width },
      tile: { kind: 'tile', level: 0, index, width },
    } as const;
    const ofEntries = await this.#hashes(names.bundle);
    const ofTile = await this.#hashes(names.tile);
    if (typeof ofEntries === 'string') this.#add(pathOf(names.bundle), ofEntries);
    if (typeof ofTile === 'string') this.#add(pathOf(names.tile), ofTile);
    if (typeof ofEntries === 'string') return typeof ofTile === 'string' ? null : ofTile;
    if (typeof ofTile === 'string' || equalBytes(Buffer.concat(ofEntries), Buffer.concat(ofTile))) return ofEntries;
    const above = width === TILE_WIDTH ? await this.#nodeAbove(index, size) : null;
    const first = index * TILE_WIDTH + ofEntries.findIndex((hash, i) => !equalBytes(hash, ofTile[i] ?? hash));
    if (above && equalBytes(subtreeRoot(ofTile, nodeSha256), above)) {
      this.#add(pathOf(names.bundle), `does not have the entries of the tree, from entry ${first} on`);
      return ofTile;
    }
    const isTileWrong = above !== null && equalBytes(subtreeRoot(ofEntries, nodeSha256), above);
    const ending = isTileWrong ? '' : ', and the tile above it settles nothing: either may be wrong';
    this.#add(pathOf(names.tile), `has another hash of entry ${first} than ${pathOf(names.bundle)} gives${ending}`);
    return ofEntries;
  }

  /** What the tile above says of a full lowest tile. */
  async #nodeAbove(index: number, size: number): Promise<Uint8Array | null> {
    const above = Math.floor(index / TILE_WIDTH);
    const hashes = await this.#hashes({ kind: 'tile', level: 1, index: above, width: tileWidth(1, above, size) });
    return typeof hashes === 'string' ? null : (hashes[index % TILE_WIDTH] ?? null);
  }

  async #compareTile(level: number, index: number, expected: Uint8Array, size: number): Promise<void> {
    const name: TileName = { kind: 'tile', level, index, width: tileWidth(level, index, size) };
    const hashes = await this.#hashes(name);
    if (typeof hashes === 'string') this.#add(pathOf(name), hashes);
    else if (!equalBytes(Buffer.concat(hashes), expected)) {
      this.#add(pathOf(name), 'has other hashes than the tiles below it give');
    }
  }

  /** The hashes of a tile, or of the entries of a bundle; else what is wrong with the file. */
  async #hashes(name: TileName): Promise<Uint8Array[] | string> {
    const [bytes, width] = await this.#partialOrFull(name);
    if (!bytes) return 'is missing';
    try {
      const hashes =
        name.kind === 'tile' ? parseTile(bytes, width) : hashEntryBundle(parseEntryBundle(bytes, width), nodeSha256);
      return hashes.slice(0, name.width);
    } catch (error) {
      return `is malformed: ${(error as Error).message}`;
    }
  }

  /** A mirror that grows meanwhile removes a partial tile once the full one is there. */
  async #partialOrFull(name: TileName): Promise<[Uint8Array | null, number]> {
    this.#fileCount++;
    const bytes = await this.#files.read(join(this.#folder, pathOf(name)));
    if (bytes || name.width === TILE_WIDTH) return [bytes, name.width];
    return [await this.#files.read(join(this.#folder, pathOf({ ...name, width: TILE_WIDTH }))), TILE_WIDTH];
  }

  #add(path: string, problem: string): void {
    if (this.#problemCount++ < MOST_PROBLEMS) this.#problems.push({ path, problem });
  }
}
