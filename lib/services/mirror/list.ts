import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isOriginHash, originHash } from '#lib/mirror/layout.ts';
import { type MirrorStatus, readMirrorStatus } from '#lib/mirror/status.ts';

export interface ListedMirror extends MirrorStatus {
  /** Its name below `/mirror/`. */
  readonly hash: string;
}

/** The mirrors in the folder of all mirrors, by origin. A folder that is not named by its log's origin is none. */
export async function listMirrors(folder: string): Promise<ListedMirror[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const found = await Promise.all(
    names.filter(isOriginHash).map(async (hash) => {
      const status = await readMirrorStatus(join(folder, hash));
      return status && originHash(status.origin) === hash ? [{ ...status, hash }] : [];
    }),
  );
  return found.flat().sort((a, b) => (a.origin < b.origin ? -1 : 1));
}
