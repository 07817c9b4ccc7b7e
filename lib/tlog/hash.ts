import { sha256 as noble } from '@noble/hashes/sha2.js';
import { TlogError } from './error.ts';

/**
 * A synchronous SHA-256 that returns 32 fresh bytes and does not keep `data`, which is a view of a reused buffer.
 * On the server `(data) => hash('sha256', data, 'buffer')` of node:crypto is several times as fast as the default.
 */
export type Sha256 = (data: Uint8Array) => Uint8Array;

export const nobleSha256: Sha256 = (data) => noble(data);

export const HASH_BYTES = 32;

/** Root of the empty tree: SHA-256 of nothing (RFC 6962, 2.1). Not to be written to. */
export const EMPTY_ROOT: Uint8Array = nobleSha256(new Uint8Array(0));

/** What stands before an entry when its leaf hash is made. */
export const LEAF_PREFIX = 0x00;
const NODE_PREFIX = 0x01;

// Hashing is synchronous and never re-enters, so one buffer for each kind saves an allocation a hash.
// The leaf buffer holds the longest entry of a tile log (a uint16 length); longer ones get a buffer of their own.
const nodeInput = new Uint8Array(1 + 2 * HASH_BYTES).fill(NODE_PREFIX, 0, 1);
const leafInput = new Uint8Array(1 + 0xffff).fill(LEAF_PREFIX, 0, 1);

/** Leaf hash of an entry: SHA-256(0x00 || entry) (RFC 6962, 2.1). */
export function hashLeaf(entry: Uint8Array, sha256: Sha256 = nobleSha256): Uint8Array {
  const length = 1 + entry.length;
  const input = length <= leafInput.length ? leafInput : new Uint8Array(length);
  input.set(entry, 1);
  return sha256(input.subarray(0, length));
}

/** Hash of an inner node: SHA-256(0x01 || left || right) (RFC 6962, 2.1). Both are 32 bytes, or `bad-hash`. */
export function hashNode(left: Uint8Array, right: Uint8Array, sha256: Sha256 = nobleSha256): Uint8Array {
  // A shorter hash would leave bytes of an earlier call in the buffer.
  checkHash(left);
  checkHash(right);
  nodeInput.set(left, 1);
  nodeInput.set(right, 1 + HASH_BYTES);
  return sha256(nodeInput);
}

/** Throws `bad-hash` unless `hash` has the length of a SHA-256 hash. */
export function checkHash(hash: Uint8Array): void {
  if (hash.length !== HASH_BYTES) {
    throw new TlogError('bad-hash', `A tree hash has ${HASH_BYTES} bytes, this one has ${hash.length}`);
  }
}

/** Whether both have the same bytes. Not in constant time: nothing compared here is secret. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
