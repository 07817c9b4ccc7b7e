import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { HashType } from '#lib/model-signing/resource.ts';
import { createHasher, type Hasher } from './hasher.ts';
import { changed, noLongerFile, refuseTooManyShards, unreadable } from './model-files-error.ts';
import { type Piece, Pieces } from './pieces.ts';

const CHUNK = 1024 * 1024;

export interface HashOptions {
  readonly hashType: HashType;
  /** Bytes; null for one digest of the whole file. */
  readonly shardSize: number | null;
  /** Told how many bytes were hashed since it was last told. */
  readonly onProgress?: (bytes: number) => void;
}

/**
 * Hashes a file as it is read, in this thread, at most 1 MiB in memory. Of an empty file there are no shards.
 *
 * @throws {ModelFilesError} where it cannot be read, or changes its size meanwhile.
 */
export async function hashFile(path: string, options: HashOptions): Promise<Piece[]> {
  return await hashFileWith(await createHasher(options.hashType), path, options);
}

/** The same for many files in turn, with one hasher. After an error it cannot be used again. */
export async function hashFileWith(
  hasher: Hasher,
  path: string,
  { shardSize, onProgress }: Omit<HashOptions, 'hashType'>,
): Promise<Piece[]> {
  await using file = await openFile(path);
  const { size } = await file.stat();
  refuseTooManyShards(path, [size], shardSize);
  const pieces = new Pieces(hasher, shardSize);
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK, size + 1));
  for (;;) {
    const read = await readInto(file, path, buffer, pieces.end);
    if (read === 0) break;
    pieces.update(buffer.subarray(0, read));
    onProgress?.(read);
    if (pieces.end > size) break;
  }
  if (pieces.end !== size) throw changed(path);
  return pieces.finish();
}

/** Not blocking: a pipe put in the file's place would otherwise hold the reader for ever. */
async function openFile(path: string): Promise<FileHandle> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const status = await file.stat();
    if (status.isFile()) return file;
  } catch (error) {
    await file?.close();
    throw unreadable(path, error);
  }
  await file.close();
  throw noLongerFile(path);
}

async function readInto(file: FileHandle, path: string, buffer: Buffer, at: number): Promise<number> {
  try {
    return (await file.read(buffer, 0, buffer.length, at)).bytesRead;
  } catch (error) {
    throw unreadable(path, error);
  }
}
