import type { HashType } from '#lib/model-signing/resource.ts';
import { toHex } from '#lib/tlog/hex.ts';
import type { Hasher, HasherStore } from './hasher.ts';

/** A hashed part of a file: from `start` up to but without `end`. */
export interface Piece {
  readonly start: number;
  readonly end: number;
  /** Lowercase hex. */
  readonly digest: string;
}

interface Hashing {
  readonly start: number;
  readonly end: number;
  readonly hashType: HashType;
  /** Bytes; null for one digest of the whole. `start` is a multiple of it. */
  readonly shardSize: number | null;
  readonly store: HasherStore;
  /** Told how many bytes were hashed since it was last told. */
  readonly onProgress: (bytes: number) => void;
}

/** WebCrypto has three times the speed of WebAssembly, but wants all bytes at once: up to here they are held. */
export const ONE_SHOT = 128 * 1024 * 1024;
const SLICE = 4 * 1024 * 1024;

/**
 * Hashes a stretch of a file. A file without a byte has one digest as a whole, and no shards.
 *
 * @throws what reading the file throws: `NotReadableError` where it changed since it was chosen.
 */
export async function hashPieces(file: Blob, hashing: Hashing): Promise<Piece[]> {
  const { start, end, shardSize } = hashing;
  const length = shardSize ?? end - start;
  if (shardSize === null) return [{ start, end, digest: await hashPiece(file.slice(start, end), hashing) }];
  const pieces: Piece[] = [];
  for (let at = start; at < end; at += length) {
    const until = Math.min(at + length, end);
    pieces.push({ start: at, end: until, digest: await hashPiece(file.slice(at, until), hashing) });
  }
  return pieces;
}

async function hashPiece(piece: Blob, { hashType, store, onProgress }: Hashing): Promise<string> {
  // Pages that do not come through https or from localhost have no WebCrypto.
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined;
  if (hashType === 'sha256' && subtle && piece.size <= ONE_SHOT) {
    const digest = await subtle.digest('SHA-256', await piece.arrayBuffer());
    onProgress(piece.size);
    return toHex(new Uint8Array(digest));
  }
  return store.use(hashType, (hasher) => hashStream(piece, hasher, onProgress));
}

/** Reads the next slice while one is hashed. */
async function hashStream(piece: Blob, hasher: Hasher, onProgress: (bytes: number) => void): Promise<string> {
  hasher.begin();
  const read = (at: number) => (at < piece.size ? piece.slice(at, at + SLICE).arrayBuffer() : null);
  let next = read(0);
  for (let at = 0; next; at += SLICE) {
    const bytes = new Uint8Array(await next);
    next = read(at + SLICE);
    // A failure is met when it is awaited; until then it must not count as unheard of.
    next?.catch(() => undefined);
    hasher.update(bytes);
    onProgress(bytes.length);
  }
  return hasher.end();
}
