import { join } from 'node:path';
import { FetchError } from '#lib/rekor/fetch-error.ts';
import type { TileSource } from '#lib/rekor/tile-client.ts';
import { HASH_BYTES } from '#lib/tlog/hash.ts';
import { TILE_WIDTH, type TileName } from '#lib/tlog/tile.ts';
import { diskFiles, type MirrorFiles } from './files.ts';
import { CHECKPOINT_FILE, pathOf } from './layout.ts';

/**
 * The mirror of one log as a source of tiles, from its own folder (`MirrorStore.folder`). As any other source it is not
 * trusted: disks rot. What is missing is a {FetchError} `not-found`.
 */
export function diskTileSource(folder: string, files: MirrorFiles = diskFiles): TileSource {
  async function read(path: string): Promise<Uint8Array> {
    const bytes = await files.read(join(folder, path));
    if (bytes) return bytes;
    throw new FetchError('not-found', join(folder, path), `The mirror has no ${path} in ${folder}.`);
  }

  // The partial file goes once the full one is there, as at a log itself.
  async function partialOrFull(name: TileName): Promise<Uint8Array> {
    const bytes = name.width < TILE_WIDTH ? await files.read(join(folder, pathOf(name))) : null;
    return bytes ?? read(pathOf({ ...name, width: TILE_WIDTH }));
  }

  return {
    checkpoint: () => read(CHECKPOINT_FILE),
    async tile(level, index, width) {
      const bytes = await partialOrFull({ kind: 'tile', level, index, width });
      return bytes.length === TILE_WIDTH * HASH_BYTES ? bytes.subarray(0, width * HASH_BYTES) : bytes;
    },
    entryBundle: (index, width) => partialOrFull({ kind: 'entries', index, width }),
  };
}
