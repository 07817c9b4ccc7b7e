import { lstat, open, rename, rm } from 'node:fs/promises';
import type { HashType } from '#lib/model-signing/resource.ts';
import { readCacheLines, writeCacheLines } from './hash-cache-lines.ts';

/** Nanoseconds. A file changed this lately could change again within the same tick of the disk's clock. */
const SETTLED_AFTER = 2_000_000_000n;
const MAX_CACHE_BYTES = 128 * 1024 * 1024;

/** What a file is known again by: any write to it, or replacement of it, changes one of these. */
export interface FileIdentity {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

/** How a file was hashed. */
export interface HashedHow {
  readonly hashType: HashType;
  /** Bytes; null for whole files. */
  readonly shardSize: number | null;
}

/**
 * Digests of files that have not changed since, kept in a file. Off where nobody asks for it: whoever can write the
 * cache decides what digests are found, so that one that others may write is not used.
 */
export class HashCache {
  readonly #file: string;
  readonly #warn: (message: string) => void;
  /** Least lately used first. */
  #digests = new Map<string, readonly string[]>();
  #isLoaded = false;
  #isChanged = false;

  /** @param warn told why a cache is not used; hashing then goes on without. */
  constructor(file: string, warn: (message: string) => void) {
    this.#file = file;
    this.#warn = warn;
  }

  /** Reads the file at the first call. None there is an empty cache; a damaged or foreign one is passed over. */
  async load(): Promise<void> {
    if (this.#isLoaded) return;
    this.#isLoaded = true;
    try {
      const text = await readOwn(this.#file);
      if (text !== null) this.#digests = readCacheLines(text);
    } catch (error) {
      this.#warn(`The cache ${this.#file} is not used: ${(error as Error).message}`);
    }
  }

  /** The digests of the file's pieces in order, or null where it is not known. */
  find(identity: FileIdentity, how: HashedHow): readonly string[] | null {
    const key = keyOf(identity, how);
    const found = this.#digests.get(key);
    if (!found) return null;
    this.#digests.delete(key);
    this.#digests.set(key, found);
    return found;
  }

  /**
   * @param identity as it was before and after the file was read.
   * @param readAt when reading began, in milliseconds: what was changed shortly before is not kept.
   */
  add(identity: FileIdentity, how: HashedHow, digests: readonly string[], readAt: number): void {
    const settledBefore = BigInt(Math.floor(readAt)) * 1_000_000n - SETTLED_AFTER;
    if (identity.mtimeNs > settledBefore || identity.ctimeNs > settledBefore) return;
    this.#digests.set(keyOf(identity, how), digests);
    this.#isChanged = true;
  }

  /** Writes the file, in one step, where anything is new. What cannot be written is warned of. */
  async save(): Promise<void> {
    if (!this.#isChanged) return;
    const temporary = `${this.#file}.${process.pid}.tmp`;
    try {
      await isThere(this.#file);
      // Flag `wx`: a link that somebody put there beforehand is not written through.
      await using file = await open(temporary, 'wx', 0o600);
      await file.writeFile(writeCacheLines(this.#digests, MAX_CACHE_BYTES));
      await rename(temporary, this.#file);
      this.#isChanged = false;
    } catch (error) {
      await rm(temporary, { force: true });
      this.#warn(`The cache ${this.#file} cannot be written: ${(error as Error).message}`);
    }
  }
}

function keyOf({ dev, ino, size, mtimeNs, ctimeNs }: FileIdentity, { hashType, shardSize }: HashedHow): string {
  return [dev, ino, size, mtimeNs, ctimeNs, hashType, shardSize ?? 0].join(' ');
}

/** Null where there is none. @throws {Error} where it may be another's word, or is too large. */
async function readOwn(path: string): Promise<string | null> {
  if (!(await isThere(path))) return null;
  await using file = await open(path, 'r');
  const { size, mode, uid } = await file.stat();
  const self = process.getuid?.();
  if (self !== undefined && uid !== self && uid !== 0) throw new Error('it belongs to another user.');
  if (self !== undefined && (mode & 0o022) !== 0) throw new Error('others than you can write it.');
  if (size > MAX_CACHE_BYTES) throw new Error(`it has more than ${MAX_CACHE_BYTES} bytes.`);
  return await file.readFile('utf8');
}

/** @throws {Error} for a link or a device, which is neither read nor replaced. */
async function isThere(path: string): Promise<boolean> {
  const status = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (status !== null && !status.isFile()) throw new Error('it is not a plain file.');
  return status !== null;
}
