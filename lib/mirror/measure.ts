import { join } from 'node:path';
import { HASH_BYTES } from '#lib/tlog/hash.ts';
import { entryBundlePath, TILE_WIDTH } from '#lib/tlog/tile.ts';
import type { MirrorFiles } from './files.ts';

/** Bundles whose sizes are asked for at once. */
const PARALLEL = 64;

/** Bytes of all full tiles and bundles of a tree of `size` entries, from the files themselves: where no state tells it. */
export async function fullBytesOf(files: MirrorFiles, folder: string, size: number): Promise<number> {
  let bytes = 0;
  for (let tiles = Math.floor(size / TILE_WIDTH); tiles > 0; tiles = Math.floor(tiles / TILE_WIDTH)) {
    bytes += tiles * TILE_WIDTH * HASH_BYTES;
  }
  const bundles = Math.floor(size / TILE_WIDTH);
  for (let first = 0; first < bundles; first += PARALLEL) {
    const indices = Array.from({ length: Math.min(PARALLEL, bundles - first) }, (_, i) => first + i);
    const sizes = await Promise.all(indices.map((index) => files.size(join(folder, entryBundlePath(index)))));
    for (const size of sizes) bytes += size ?? 0;
  }
  return bytes;
}
