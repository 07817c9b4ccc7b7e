import { ed25519 } from '@noble/curves/ed25519.js';
import { cosignatureVerifier, cosignedMessage, encodeCosignature } from './cosignature.ts';
import { ed25519Verifier } from './key.ts';
import { formatNote } from './note.ts';

/** The private side of note keys, for logs and cosigners that tests and tools run. */
export interface NoteSigner {
  readonly name: string;
  readonly keyId: number;
  sign(text: Uint8Array): Uint8Array;
}

/** Signs as `ed25519Verifier` of the same name checks; `secretKey` is the 32-byte seed of RFC 8032. */
export function ed25519Signer(name: string, secretKey: Uint8Array): NoteSigner {
  const { keyId } = ed25519Verifier(name, ed25519.getPublicKey(secretKey));
  return { name, keyId, sign: (text) => ed25519.sign(text, secretKey) };
}

/** Cosigns as `cosignatureVerifier` of the same name checks; `now` gives seconds since the epoch. */
export function cosignatureSigner(name: string, secretKey: Uint8Array, now: () => number): NoteSigner {
  const { keyId } = cosignatureVerifier(name, ed25519.getPublicKey(secretKey));
  return {
    name,
    keyId,
    sign(text) {
      const timestamp = now();
      return encodeCosignature(timestamp, ed25519.sign(cosignedMessage(text, timestamp), secretKey));
    },
  };
}

/** The note of `text` with a line of each signer. */
export function signNote(text: Uint8Array, signers: readonly NoteSigner[]): Uint8Array {
  const signatures = signers.map(({ name, keyId, sign }) => ({ name, keyId, signature: sign(text) }));
  return formatNote(text, signatures);
}
