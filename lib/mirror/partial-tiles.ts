import { dirname, join } from 'node:path';
import { parseTilePath, TILE_WIDTH } from '#lib/tlog/tile.ts';
import type { MirrorFiles } from './files.ts';
import { widthIn } from './layout.ts';

/** The partial tiles and bundles of a mirror that are on the disk, of this checkpoint and those before. */
export class PartialTiles {
  readonly #files: MirrorFiles;
  readonly #folder: string;
  /** Bytes by path. */
  readonly #sizes: Map<string, number>;

  constructor(files: MirrorFiles, folder: string, sizes: Map<string, number>) {
    this.#files = files;
    this.#folder = folder;
    this.#sizes = sizes;
  }

  get bytes(): number {
    let sum = 0;
    for (const bytes of this.#sizes.values()) sum += bytes;
    return sum;
  }

  add(path: string, bytes: number): void {
    this.#sizes.set(path, bytes);
  }

  /**
   * Removes those whose full tile is in a tree of `size` entries, as tlog-tiles allows.
   *
   * @returns the folders removed.
   */
  async removeCovered(size: number): Promise<ReadonlySet<string>> {
    const covered = [...this.#sizes.keys()].filter((path) => widthIn(parseTilePath(path), size) === TILE_WIDTH);
    const folders = new Set(covered.map(dirname));
    for (const folder of folders) await this.#files.remove(join(this.#folder, folder));
    for (const path of covered) this.#sizes.delete(path);
    return folders;
  }
}
