import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { p256PointFromSpki } from './spki.ts';

/**
 * Signature checks as the verifiers need them, so that a server can pass faster ones. They answer false for whatever
 * does not verify and never throw. Keys were validated before.
 */
export interface SignaturePrimitives {
  /** Ed25519 over `message`; `publicKey` is the raw 32 bytes. */
  verifyEd25519(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
  /** ECDSA P-256 over SHA-256 of `message`; `signature` is DER, `spki` the DER SubjectPublicKeyInfo. */
  verifyP256(signature: Uint8Array, message: Uint8Array, spki: Uint8Array): boolean;
  /**
   * ML-DSA-44 (FIPS 204) over `message` with an empty context; `publicKey` is the raw 1,312 bytes. Absent where the
   * platform has none, as browsers: then such signatures are not checked, and count neither as good nor as bad.
   */
  verifyMlDsa44?(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
}

/**
 * Ed25519 without the ZIP 215 leniency: RFC 8032 wants canonical points, which Go and OpenSSL insist on too.
 * P-256 with a high s as well: Go signs such, and only uniqueness, which nothing here rests on, would forbid it.
 */
export const noblePrimitives: SignaturePrimitives = {
  verifyEd25519: (signature, message, publicKey) =>
    attempt(() => ed25519.verify(signature, message, publicKey, { zip215: false })),
  verifyP256: (signature, message, spki) =>
    attempt(() => p256.verify(signature, message, p256PointFromSpki(spki), { lowS: false, format: 'der' })),
};

/** Noble throws on signatures of a wrong length or encoding, which are just as false as others. */
function attempt(verify: () => boolean): boolean {
  try {
    return verify();
  } catch {
    return false;
  }
}
