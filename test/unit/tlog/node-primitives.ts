import { createPublicKey, verify } from 'node:crypto';
import type { SignaturePrimitives } from '#lib/tlog/primitives.ts';
import { ed25519SpkiFromKey } from '#lib/tlog/spki.ts';

/** OpenSSL's signature checks: another implementation to compare with, and quick enough for thousands of mutations. */
export const nodePrimitives: SignaturePrimitives = {
  verifyEd25519: (signature, message, publicKey) =>
    verify(null, message, fromSpki(ed25519SpkiFromKey(publicKey)), signature),
  verifyP256: (signature, message, spki) => verify('sha256', message, fromSpki(spki), signature),
};

function fromSpki(spki: Uint8Array) {
  return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
}
