import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { ML_DSA_44_KEY_BYTES } from '#lib/tlog/ml-dsa-cosignature.ts';
import { noblePrimitives, type SignaturePrimitives } from '#lib/tlog/primitives.ts';

/** SubjectPublicKeyInfo of ML-DSA-44 (RFC 9881) up to the raw key: one encoding, so that a prefix does. */
const ML_DSA_44_PREFIX = Buffer.from('30820532300b06096086480165030403110382052100', 'hex');

/**
 * Signature checks as the server has them: the portable ones, and ML-DSA-44 by OpenSSL from 3.5 on. With an older
 * OpenSSL there is none, and such cosignatures are not checked.
 */
export const serverPrimitives: SignaturePrimitives = hasMlDsa44()
  ? { ...noblePrimitives, verifyMlDsa44 }
  : noblePrimitives;

function verifyMlDsa44(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    return verify(null, message, fromRaw(publicKey), signature);
  } catch {
    return false;
  }
}

function hasMlDsa44(): boolean {
  try {
    return fromRaw(new Uint8Array(ML_DSA_44_KEY_BYTES)).type === 'public';
  } catch {
    return false;
  }
}

function fromRaw(publicKey: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([ML_DSA_44_PREFIX, publicKey]), format: 'der', type: 'spki' });
}
