import { TlogError } from './error.ts';
import { hashLeaf, LEAF_PREFIX, nobleSha256, type Sha256 } from './hash.ts';
import { isTileWidth, TILE_WIDTH } from './tile.ts';

/** Entry bundles of C2SP tlog-tiles: entries one after another, each behind its length as a big-endian uint16. */

const LENGTH_BYTES = 2;
/** Longest entry that a bundle can hold. */
export const MAX_ENTRY_BYTES = 0xffff;

/**
 * The `width` entries of a bundle, as views of `bytes`. Throws `bad-bundle` if one is cut short or bytes are left over.
 * Nothing is known of the entries until their leaf hashes are bound to a signed root.
 */
export function parseEntryBundle(bytes: Uint8Array, width: number): Uint8Array[] {
  if (!isTileWidth(width)) throw new TlogError('bad-bundle', `No entry bundle has ${width} entries`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: Uint8Array[] = [];
  let at = 0;
  for (let i = 0; i < width; i++) {
    const start = at + LENGTH_BYTES;
    const end = start <= bytes.length ? start + view.getUint16(at) : start;
    if (end > bytes.length) {
      throw new TlogError('bad-bundle', `Entry ${i} of ${width} reaches to byte ${end}, there are ${bytes.length}`);
    }
    entries.push(bytes.subarray(start, end));
    at = end;
  }
  if (at !== bytes.length) {
    throw new TlogError('bad-bundle', `${bytes.length - at} bytes are left over behind the ${width} entries`);
  }
  return entries;
}

/** The bytes of the first `width` entries of a bundle that may have more; all of them where it is cut short. */
export function firstEntries(bytes: Uint8Array, width: number): Uint8Array {
  if (width === TILE_WIDTH) return bytes;
  let at = 0;
  for (let i = 0; i < width && at + LENGTH_BYTES <= bytes.length; i++) {
    at += LENGTH_BYTES + (((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0));
  }
  return at > bytes.length ? bytes : bytes.subarray(0, at);
}

/** Leaf hashes of the entries, in order. */
export function hashEntryBundle(entries: readonly Uint8Array[], sha256?: Sha256): Uint8Array[] {
  return entries.map((entry) => hashLeaf(entry, sha256));
}

/**
 * Leaf hashes of the entries that `parseEntryBundle` gave as views of `bytes`, in order. The hot path of a long catch-up: they
 * are hashed where they stand, each behind the prefix of a leaf (RFC 6962, 2.1) in the place of an octet of its length, which
 * is put back. Nothing else may read `bytes` meanwhile.
 */
export function hashBundleInPlace(
  bytes: Uint8Array,
  entries: readonly Uint8Array[],
  sha256: Sha256 = nobleSha256,
): Uint8Array[] {
  let at = 0;
  return entries.map(({ length }) => {
    const prefix = at + LENGTH_BYTES - 1;
    at += LENGTH_BYTES + length;
    const octet = bytes[prefix] as number;
    bytes[prefix] = LEAF_PREFIX;
    const leaf = sha256(bytes.subarray(prefix, at));
    bytes[prefix] = octet;
    return leaf;
  });
}

/** The bundle of 1 to 256 entries of at most 65,535 bytes each, or `bad-bundle`. */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  if (!isTileWidth(entries.length)) throw new TlogError('bad-bundle', `No entry bundle has ${entries.length} entries`);
  const bytes = new Uint8Array(entries.reduce((sum, entry) => sum + LENGTH_BYTES + entry.length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const entry of entries) {
    if (entry.length > MAX_ENTRY_BYTES) {
      throw new TlogError('bad-bundle', `An entry of ${entry.length} bytes is longer than ${MAX_ENTRY_BYTES}`);
    }
    view.setUint16(at, entry.length);
    bytes.set(entry, at + LENGTH_BYTES);
    at += LENGTH_BYTES + entry.length;
  }
  return bytes;
}
