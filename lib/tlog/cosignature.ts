import { TlogError } from './error.ts';
import { noteKeyHash, SIGNATURE_TYPE, shortKeyId } from './key-id.ts';
import type { NoteVerifier } from './note.ts';
import { noblePrimitives, type SignaturePrimitives } from './primitives.ts';
import { checkEd25519Key } from './spki.ts';

/**
 * A cosigner (witness or mirror) of C2SP tlog-cosignature, Ed25519 type: its signature on a checkpoint says that at a
 * time this was the largest tree of the log it had seen, consistent with all it had seen before.
 */
export interface CosignatureVerifier extends NoteVerifier {
  readonly kind: 'cosignature';
  /** Raw 32 bytes. */
  readonly publicKey: Uint8Array;
  /** When a signature that verified was made, in seconds since the epoch, as the cosigner says. */
  timestamp(signature: Uint8Array): number;
}

const TIMESTAMP_BYTES = 8;
const COSIGNATURE_BYTES = TIMESTAMP_BYTES + 64;

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
      const timestamp = readTimestamp(cosignature);
      if (timestamp === undefined) return false;
      const signature = cosignature.subarray(TIMESTAMP_BYTES);
      return primitives.verifyEd25519(signature, cosignedMessage(text, timestamp), publicKey);
    },
    timestamp(cosignature) {
      const timestamp = readTimestamp(cosignature);
      if (timestamp === undefined) throw new TlogError('bad-signature', 'Not a cosignature with a timestamp');
      return timestamp;
    },
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

/** The signature of a cosigner's note line: the time as a big-endian uint64, then the Ed25519 signature. */
export function encodeCosignature(timestamp: number, signature: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(COSIGNATURE_BYTES);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(timestamp));
  bytes.set(signature, TIMESTAMP_BYTES);
  return bytes;
}

/** The time in a cosignature, or undefined if it has another length or a time beyond what a number holds. */
function readTimestamp(cosignature: Uint8Array): number | undefined {
  if (cosignature.length !== COSIGNATURE_BYTES) return undefined;
  const view = new DataView(cosignature.buffer, cosignature.byteOffset, cosignature.byteLength);
  const timestamp = Number(view.getBigUint64(0));
  return Number.isSafeInteger(timestamp) ? timestamp : undefined;
}
