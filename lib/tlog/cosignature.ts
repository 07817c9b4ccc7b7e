import { TlogError } from './error.ts';
import { noteKeyHash, SIGNATURE_TYPE, shortKeyId } from './key-id.ts';
import type { NoteVerifier } from './note.ts';
import { noblePrimitives, type SignaturePrimitives } from './primitives.ts';
import { checkEd25519Key } from './spki.ts';

/**
 * A cosigner (witness or mirror) of C2SP tlog-cosignature: its signature on a checkpoint says that at a time this was
 * the largest tree of the log it had seen, consistent with all it had seen before. Of the Ed25519 type here, of the
 * ML-DSA-44 type in ml-dsa-cosignature.ts.
 */
export interface CosignatureVerifier extends NoteVerifier {
  readonly kind: 'cosignature' | 'ml-dsa-44-cosignature';
  /** Raw: 32 bytes of Ed25519, 1,312 of ML-DSA-44. */
  readonly publicKey: Uint8Array;
  /** When a signature that verified was made, in seconds since the epoch, as the cosigner says. */
  timestamp(signature: Uint8Array): number;
}

export const TIMESTAMP_BYTES = 8;
const ED25519_BYTES = 64;

/** The cosigner with this name and raw Ed25519 key. Throws `bad-key`. */
export function cosignatureVerifier(
  name: string,
  publicKey: Uint8Array,
  primitives: SignaturePrimitives = noblePrimitives,
): CosignatureVerifier {
  checkEd25519Key(publicKey);
  return {
    kind: 'cosignature',
    name,
    keyId: shortKeyId(noteKeyHash(name, SIGNATURE_TYPE.cosignature, publicKey)),
    publicKey,
    verify(text, cosignature) {
      const timestamp = readTimestamp(cosignature, ED25519_BYTES);
      if (timestamp === undefined) return false;
      const signature = cosignature.subarray(TIMESTAMP_BYTES);
      return primitives.verifyEd25519(signature, cosignedMessage(text, timestamp), publicKey);
    },
    timestamp: (cosignature) => timestampOf(cosignature, ED25519_BYTES),
  };
}

/** What a cosigner signs: a header with the time (seconds since the epoch), then the text of the checkpoint. */
export function cosignedMessage(text: Uint8Array, timestamp: number): Uint8Array {
  const header = new TextEncoder().encode(`cosignature/v1\ntime ${timestamp}\n`);
  const message = new Uint8Array(header.length + text.length);
  message.set(header);
  message.set(text, header.length);
  return message;
}

/** The signature of a cosigner's note line: the time as a big-endian uint64, then the signature itself. */
export function encodeCosignature(timestamp: number, signature: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(TIMESTAMP_BYTES + signature.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(timestamp));
  bytes.set(signature, TIMESTAMP_BYTES);
  return bytes;
}

/** As `CosignatureVerifier.timestamp`, of a cosignature whose signature itself has so many bytes. Throws `bad-signature`. */
export function timestampOf(cosignature: Uint8Array, signatureBytes: number): number {
  const timestamp = readTimestamp(cosignature, signatureBytes);
  if (timestamp === undefined) throw new TlogError('bad-signature', 'Not a cosignature with a timestamp');
  return timestamp;
}

/** The time in a cosignature, or undefined if it has another length or a time beyond what a number holds. */
export function readTimestamp(cosignature: Uint8Array, signatureBytes: number): number | undefined {
  if (cosignature.length !== TIMESTAMP_BYTES + signatureBytes) return undefined;
  const view = new DataView(cosignature.buffer, cosignature.byteOffset, cosignature.byteLength);
  const timestamp = Number(view.getBigUint64(0));
  return Number.isSafeInteger(timestamp) ? timestamp : undefined;
}
