import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { blake3 } from '@noble/hashes/blake3.js';
import type { HashType } from '#lib/model-signing/resource.ts';
import { ModelFilesError, unreadable } from './model-files-error.ts';

const CHUNK = 1024 * 1024;
/** As many resources as a manifest may list: a signed shard size of one byte must not fill the memory. */
const MAX_PIECES = 200_000;

/** The digest of a stretch of a file: from `start` up to but without `end`, in bytes. */
export interface Piece {
  readonly start: number;
  readonly end: number;
  /** Lowercase hex. */
  readonly digest: string;
}

export interface HashOptions {
  readonly hashType: HashType;
  /** Bytes; null for one digest of the whole file. */
  readonly shardSize: number | null;
  /** Told how many bytes were hashed since it was last told. */
  readonly onProgress?: (bytes: number) => void;
}

interface Hasher {
  update(data: Uint8Array): unknown;
  digest(): Uint8Array;
}

/**
 * Hashes a file as it is read, at most 1 MiB in memory. Of an empty file there are no shards.
 *
 * @throws {ModelFilesError} where it cannot be read, or changes its size meanwhile.
 */
export async function hashFile(path: string, { hashType, shardSize, onProgress }: HashOptions): Promise<Piece[]> {
  await using file = await openFile(path);
  const { size } = await file.stat();
  if (shardSize !== null && size / shardSize > MAX_PIECES) {
    throw new ModelFilesError('too-many', `${path} has more than ${MAX_PIECES} shards. Choose larger ones.`);
  }
  const pieces = new Pieces(hashType, shardSize ?? Number.POSITIVE_INFINITY);
  const buffer = Buffer.allocUnsafe(CHUNK);
  for (;;) {
    const read = await readInto(file, path, buffer, pieces.end);
    if (read === 0) break;
    pieces.update(buffer.subarray(0, read));
    onProgress?.(read);
    if (pieces.end > size) break;
  }
  if (pieces.end !== size) {
    throw new ModelFilesError('changed', `${path} was changed while it was read. Try again when nobody writes to it.`);
  }
  return pieces.finish(shardSize === null);
}

/** Digests of a stream, one for every so many bytes. */
class Pieces {
  /** How many bytes were taken. */
  end = 0;
  private start = 0;
  private hasher: Hasher;
  private readonly done: Piece[] = [];
  private readonly hashType: HashType;
  private readonly length: number;

  constructor(hashType: HashType, length: number) {
    this.hashType = hashType;
    this.length = length;
    this.hasher = newHasher(hashType);
  }

  update(data: Buffer): void {
    for (let at = 0; at < data.length; ) {
      const taken = data.subarray(at, at + this.start + this.length - this.end);
      this.hasher.update(taken);
      at += taken.length;
      this.end += taken.length;
      if (this.end - this.start === this.length) this.cut();
    }
  }

  finish(isWhole: boolean): Piece[] {
    if (isWhole || this.end > this.start) this.cut();
    return this.done;
  }

  private cut(): void {
    this.done.push({ start: this.start, end: this.end, digest: Buffer.from(this.hasher.digest()).toString('hex') });
    this.hasher = newHasher(this.hashType);
    this.start = this.end;
  }
}

function newHasher(hashType: HashType): Hasher {
  if (hashType === 'blake3') return blake3.create();
  return createHash(hashType === 'blake2b' ? 'blake2b512' : 'sha256');
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
  throw new ModelFilesError('not-a-file', `${path} is no file any more. Try again when nobody changes the model.`);
}

async function readInto(file: FileHandle, path: string, buffer: Buffer, at: number): Promise<number> {
  try {
    return (await file.read(buffer, 0, CHUNK, at)).bytesRead;
  } catch (error) {
    throw unreadable(path, error);
  }
}
