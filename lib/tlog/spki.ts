import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { TlogError } from './error.ts';
import { equalBytes } from './hash.ts';
import { fromHex } from './hex.ts';

/**
 * Public keys and their DER SubjectPublicKeyInfo. The two kinds that logs use have one encoding each, a fixed
 * prefix and the key, so a comparison does what a DER parser would.
 */
const ED25519_PREFIX = fromHex('302a300506032b6570032100');
const P256_PREFIX = fromHex('3059301306072a8648ce3d020106082a8648ce3d030107034200');

/** The raw 32 bytes of an Ed25519 key. Throws `bad-key` for another kind of key or one that is no usable point. */
export function ed25519KeyFromSpki(spki: Uint8Array): Uint8Array {
  const key = stripPrefix(spki, ED25519_PREFIX, 32, 'Ed25519');
  checkEd25519Key(key);
  return key;
}

/** The DER SubjectPublicKeyInfo of a raw Ed25519 key: what trust roots hold and node:crypto reads. Throws `bad-key`. */
export function ed25519SpkiFromKey(key: Uint8Array): Uint8Array {
  checkEd25519Key(key);
  return Uint8Array.of(...ED25519_PREFIX, ...key);
}

/** The uncompressed point of a P-256 key. Throws `bad-key` for another kind of key or one that is no point. */
export function p256PointFromSpki(spki: Uint8Array): Uint8Array {
  const point = stripPrefix(spki, P256_PREFIX, 65, 'P-256');
  if (!p256.utils.isValidPublicKey(point, false)) throw new TlogError('bad-key', 'Not a point of the curve P-256');
  return point;
}

/** Throws `bad-key` unless these are a canonical Ed25519 point, and none under which one signature fits many texts. */
export function checkEd25519Key(key: Uint8Array): void {
  try {
    if (!ed25519.Point.fromBytes(key).isSmallOrder()) return;
  } catch (cause) {
    throw new TlogError('bad-key', 'Not an Ed25519 public key of 32 bytes', { cause });
  }
  throw new TlogError('bad-key', 'An Ed25519 public key of small order proves nothing');
}

function stripPrefix(spki: Uint8Array, prefix: Uint8Array, keyLength: number, kind: string): Uint8Array {
  if (spki.length !== prefix.length + keyLength || !equalBytes(spki.subarray(0, prefix.length), prefix)) {
    throw new TlogError('bad-key', `Not the DER SubjectPublicKeyInfo of a key for ${kind}`);
  }
  return spki.slice(prefix.length);
}
