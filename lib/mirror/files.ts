import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a mirror asks of a file system. Tests put one in its place that fails, or forgets what was not flushed. */
export interface MirrorFiles {
  /** The whole file, or null where there is none. */
  read(path: string): Promise<Uint8Array | null>;
  /** Bytes of the file, or null where there is none. */
  size(path: string): Promise<number | null>;
  /** Names in the folder; none where there is no folder. */
  list(folder: string): Promise<string[]>;
  /** Makes the folder and those above it. */
  makeFolder(folder: string): Promise<void>;
  /** Makes the file or replaces its content. Not durable until the file and its folder are flushed. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Puts a file or the names of a folder on the disk (fsync). */
  flush(path: string): Promise<void>;
  /** Takes the place of `to` in one step. */
  rename(from: string, to: string): Promise<void>;
  /** Removes a file, or a folder with what is in it; nothing where there is none. */
  remove(path: string): Promise<void>;
}

export const diskFiles: MirrorFiles = {
  read: (path) => readFile(path).catch(absent),
  size: (path) => stat(path).then(({ size }) => size, absent),
  list: async (folder) => (await readdir(folder).catch(absent)) ?? [],
  makeFolder: async (folder) => {
    await mkdir(folder, { recursive: true });
  },
  write: (path, bytes) => writeFile(path, bytes),
  flush: async (path) => {
    const file = await open(path, 'r');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  },
  rename,
  remove: (path) => rm(path, { recursive: true, force: true }),
};

/**
 * Replaces `name` in `folder` in one step: there is either the old content or the new one, whole, and once this has
 * returned it stays the new one.
 */
export async function replaceFile(files: MirrorFiles, folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(folder, `${name}.tmp`);
  await files.write(temporary, bytes);
  await files.flush(temporary);
  await files.rename(temporary, join(folder, name));
  await files.flush(folder);
}

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
  throw error;
}
