import { quote, TlogError } from './error.ts';
import { nobleSha256 } from './hash.ts';
import { isKeyName } from './note.ts';

/** Signature type identifier bytes of C2SP signed-note and tlog-cosignature. */
export const SIGNATURE_TYPE = {
  ed25519: 0x01,
  ecdsa: 0x02,
  cosignature: 0x04,
  'ml-dsa-44-cosignature': 0x06,
} as const;

/**
 * SHA-256(name || 0x0A || type || public key): a note key's id in full. Rekor v2 takes all 32 bytes for its log id,
 * notes carry the first four. Throws `bad-key` if no key can have that name.
 */
export function noteKeyHash(name: string, type: number, publicKey: Uint8Array): Uint8Array {
  if (!isKeyName(name)) throw new TlogError('bad-key', `No key can have the name ${quote(name)}`);
  const label = new TextEncoder().encode(name);
  return nobleSha256(Uint8Array.of(...label, 0x0a, type, ...publicKey));
}

/** SHA-256 of an SPKI: the log id of Rekor v1, and in full the key id of an ECDSA key. */
export function spkiHash(spki: Uint8Array): Uint8Array {
  return nobleSha256(spki);
}

/** The key id that notes carry: the first four bytes of a key hash, as an unsigned number. */
export function shortKeyId(keyHash: Uint8Array): number {
  return new DataView(keyHash.buffer, keyHash.byteOffset, keyHash.byteLength).getUint32(0);
}
