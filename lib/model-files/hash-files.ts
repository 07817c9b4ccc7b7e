import { stat } from 'node:fs/promises';
import { type HashOptions, hashFileWith } from './hash.ts';
import type { FileIdentity, HashCache } from './hash-cache.ts';
import { hashInThreads } from './hash-pool.ts';
import { hashSpan, identityOf, READ_AT_ONCE } from './hash-span.ts';
import { createHasher } from './hasher.ts';
import { unreadable } from './model-files-error.ts';
import type { Piece } from './pieces.ts';
import { type FileToHash, planSpans } from './plan-spans.ts';

export interface HashFilesOptions extends HashOptions {
  /** Threads that hash; with 1, where not said, it is this one. */
  readonly workers?: number;
  /** Whether this thread has nothing else to do, so that it may wait for the disk: several times as quick. */
  readonly mayBlock?: boolean;
  /** Digests of files that have not changed since; null, where not said, for none. */
  readonly cache?: HashCache | null;
  /** Told once, before the first byte, what there is to hash: what the cache knows is not. */
  readonly onStart?: (total: { readonly files: number; readonly bytes: number }) => void;
}

interface HashedFile {
  readonly pieces: readonly Piece[];
  /** By which the file is known again; null where it did not stay the same, or where nobody asks. */
  readonly identity: FileIdentity | null;
}

/** Threads take as long to start as this takes to hash. */
const WORTH_THREADS = { files: 2000, bytes: 128 * 1024 * 1024 };
const STATS_AT_ONCE = 64;

/**
 * Hashes files, each read once, at most 1 MiB a thread in memory.
 *
 * @returns the digests of each file, in the order given.
 * @throws {ModelFilesError} for the first file that cannot be hashed.
 */
export async function hashFiles(
  files: readonly FileToHash[],
  options: HashFilesOptions,
): Promise<(readonly Piece[])[]> {
  const { cache = null, workers = 1 } = options;
  const pieces: (readonly Piece[] | null)[] = cache
    ? await findKnown(files, cache, options)
    : Array.from(files, () => null);
  const unknown = [...files.entries()].filter(([i]) => pieces[i] === null);
  const left = unknown.map(([, file]) => file);
  const bytes = left.reduce((total, { size }) => total + size, 0);
  options.onStart?.({ files: left.length, bytes });
  const readAt = Date.now();
  const isWorthThreads = workers > 1 && (left.length >= WORTH_THREADS.files || bytes >= WORTH_THREADS.bytes);
  const hashed = isWorthThreads ? await hashParallel(left, workers, options) : await hashHere(left, options);
  for (const [at, [i, file]] of unknown.entries()) {
    const found = hashed[at];
    if (!found) throw new Error(`${file.path} was not hashed`);
    pieces[i] = found.pieces;
    const digests = found.pieces.map(({ digest }) => digest);
    if (found.identity) cache?.add(found.identity, options, digests, readAt);
  }
  await cache?.save();
  return pieces.map((list) => list ?? []);
}

async function hashParallel(
  files: readonly FileToHash[],
  workers: number,
  { hashType, shardSize, onProgress }: HashOptions,
): Promise<HashedFile[]> {
  const how = { workers, hashType, shardSize, ...(onProgress && { onProgress }) };
  const spans = await hashInThreads(planSpans(files, shardSize), how);
  const parts: (typeof spans)[] = Array.from(files, () => []);
  for (const span of spans) parts[span.index]?.push(span);
  return parts.map((list) => {
    const [first = null, ...others] = list.map(({ identity }) => identity);
    const isOne = others.every((identity) => isSame(identity, first));
    const pieces = list.flatMap((span) => span.pieces).sort((a, b) => a.start - b.start);
    return { pieces, identity: isOne ? first : null };
  });
}

async function hashHere(files: readonly FileToHash[], options: HashFilesOptions): Promise<HashedFile[]> {
  const { hashType, shardSize, onProgress = () => {} } = options;
  const hasher = await createHasher(hashType);
  if (options.mayBlock) {
    const hashing = { hasher, shardSize, onProgress, buffer: Buffer.allocUnsafe(READ_AT_ONCE) };
    return files.map(({ path, size }, index) => hashSpan({ index, path, size, start: 0, end: size }, hashing));
  }
  const hashed: HashedFile[] = [];
  for (const { path } of files) {
    const before = options.cache ? await identify(path) : null;
    const pieces = await hashFileWith(hasher, path, options);
    const isUnchanged = before !== null && isSame(before, await identify(path));
    hashed.push({ pieces, identity: isUnchanged ? before : null });
  }
  return hashed;
}

async function findKnown(
  files: readonly FileToHash[],
  cache: HashCache,
  options: HashOptions,
): Promise<(readonly Piece[] | null)[]> {
  await cache.load();
  const known: (readonly Piece[] | null)[] = [];
  for (let at = 0; at < files.length; at += STATS_AT_ONCE) {
    const some = files.slice(at, at + STATS_AT_ONCE).map(async ({ path, size }) => {
      const identity = await identify(path);
      const digests = identity.size === BigInt(size) ? cache.find(identity, options) : null;
      return digests && toPieces(digests, size, options.shardSize);
    });
    known.push(...(await Promise.all(some)));
  }
  return known;
}

function toPieces(digests: readonly string[], size: number, shardSize: number | null): Piece[] {
  const length = shardSize ?? size;
  return digests.map((digest, i) => ({ start: i * length, end: Math.min(size, (i + 1) * length), digest }));
}

async function identify(path: string): Promise<FileIdentity> {
  try {
    return identityOf(await stat(path, { bigint: true }));
  } catch (error) {
    throw unreadable(path, error);
  }
}

function isSame(a: FileIdentity | null, b: FileIdentity | null): boolean {
  if (a === null || b === null) return false;
  return (['dev', 'ino', 'size', 'mtimeNs', 'ctimeNs'] as const).every((key) => a[key] === b[key]);
}
