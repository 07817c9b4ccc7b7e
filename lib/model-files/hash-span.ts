import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { FileIdentity } from './hash-cache.ts';
import type { Hasher } from './hasher.ts';
import { changed, noLongerFile, unreadable } from './model-files-error.ts';
import { type Piece, Pieces } from './pieces.ts';

/** Bytes. Larger reads leave the processor's cache before they are hashed. */
export const READ_AT_ONCE = 256 * 1024;

/** A stretch of a file: all of it, or some of its shards. */
export interface Span {
  /** Of the file among those to hash. */
  readonly index: number;
  readonly path: string;
  /** Bytes the whole file has. */
  readonly size: number;
  readonly start: number;
  readonly end: number;
}

export interface HashedSpan {
  readonly index: number;
  readonly pieces: readonly Piece[];
  /** By which the file is known again; null where it did not stay the same while it was read. */
  readonly identity: FileIdentity | null;
}

export interface SpanHashing {
  readonly hasher: Hasher;
  readonly shardSize: number | null;
  /** What is read goes through it. */
  readonly buffer: Buffer;
  /** Told how many bytes were hashed since it was last told. */
  readonly onProgress: (bytes: number) => void;
}

/**
 * Hashes a stretch of a file, and holds the thread meanwhile: to be called in one that does nothing else.
 *
 * @throws {ModelFilesError} where it cannot be read, or the file has not the size that it should have.
 */
export function hashSpan(span: Span, hashing: SpanHashing): HashedSpan {
  const { index, path } = span;
  let file: number | null = null;
  try {
    // Not blocking: a pipe put in the file's place would otherwise hold the thread for ever.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const before = fstatSync(file, { bigint: true });
    if (!before.isFile()) throw noLongerFile(path);
    if (before.size !== BigInt(span.size)) throw changed(path);
    const pieces = readPieces(file, span, hashing);
    const after = fstatSync(file, { bigint: true });
    if (after.size !== before.size) throw changed(path);
    return { index, pieces, identity: isSame(before, after) ? identityOf(after) : null };
  } catch (error) {
    // What was taken of this file must not become part of the next one's digest.
    hashing.hasher.cut();
    throw error instanceof Error && 'syscall' in error ? unreadable(path, error) : error;
  } finally {
    if (file !== null) closeSync(file);
  }
}

export function identityOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): FileIdentity {
  return { dev, ino, size, mtimeNs, ctimeNs };
}

function readPieces(file: number, { path, start, end }: Span, hashing: SpanHashing): Piece[] {
  const { hasher, shardSize, buffer, onProgress } = hashing;
  const pieces = new Pieces(hasher, shardSize, start);
  while (pieces.end < end) {
    const read = readSync(file, buffer, 0, Math.min(buffer.length, end - pieces.end), pieces.end);
    if (read === 0) throw changed(path);
    pieces.update(buffer.subarray(0, read));
    onProgress(read);
  }
  return pieces.finish();
}

function isSame(a: BigIntStats, b: BigIntStats): boolean {
  return a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs;
}
