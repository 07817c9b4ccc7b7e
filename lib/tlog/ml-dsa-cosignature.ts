import { parseCheckpoint } from './checkpoint.ts';
import { type CosignatureVerifier, readTimestamp, TIMESTAMP_BYTES, timestampOf } from './cosignature.ts';
import { TlogError } from './error.ts';
import { checkHash } from './hash.ts';
import { noteKeyHash, SIGNATURE_TYPE, shortKeyId } from './key-id.ts';
import { noblePrimitives, type SignaturePrimitives } from './primitives.ts';

/** Sizes of FIPS 204, ML-DSA-44. */
export const ML_DSA_44_KEY_BYTES = 1312;
export const ML_DSA_44_SIGNATURE_BYTES = 2420;

/** Names are behind one byte of length in what is signed. */
const MAX_NAME_BYTES = 255;
const LABEL = new TextEncoder().encode('subtree/v1\n\0');

/** What an ML-DSA-44 cosigner states of a whole tree. */
export interface CosignedTree {
  readonly cosigner: string;
  /** Seconds since the epoch; 0 where nothing is said of the tree being the largest. */
  readonly timestamp: number;
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

/**
 * The ML-DSA-44 cosigner (C2SP tlog-cosignature, signature type 0x06) with this name and raw key of 1,312 bytes, else
 * `bad-key`. Its signature covers origin, size and root of a checkpoint, not the extension lines. Without the
 * primitive it is `isUncheckable`.
 */
export function mlDsa44CosignatureVerifier(
  name: string,
  publicKey: Uint8Array,
  primitives: SignaturePrimitives = noblePrimitives,
): CosignatureVerifier {
  if (publicKey.length !== ML_DSA_44_KEY_BYTES) {
    throw new TlogError('bad-key', `An ML-DSA-44 key has ${ML_DSA_44_KEY_BYTES} bytes, not ${publicKey.length}`);
  }
  if (new TextEncoder().encode(name).length > MAX_NAME_BYTES) {
    throw new TlogError('bad-key', `The name of an ML-DSA-44 cosigner has at most ${MAX_NAME_BYTES} bytes`);
  }
  const kind = 'ml-dsa-44-cosignature';
  return {
    kind,
    name,
    keyId: shortKeyId(noteKeyHash(name, SIGNATURE_TYPE[kind], publicKey)),
    publicKey,
    isUncheckable: primitives.verifyMlDsa44 === undefined,
    verify(text, cosignature) {
      const timestamp = readTimestamp(cosignature, ML_DSA_44_SIGNATURE_BYTES);
      const message = timestamp === undefined ? undefined : messageFor(text, name, timestamp);
      if (message === undefined) return false;
      return primitives.verifyMlDsa44?.(cosignature.subarray(TIMESTAMP_BYTES), message, publicKey) ?? false;
    },
    timestamp: (cosignature) => timestampOf(cosignature, ML_DSA_44_SIGNATURE_BYTES),
  };
}

/** The `cosigned_message` of C2SP tlog-cosignature for a whole tree, which starts at 0. Throws `bad-checkpoint` or `bad-hash`. */
export function cosignedTreeMessage({ cosigner, timestamp, origin, size, root }: CosignedTree): Uint8Array {
  checkHash(root);
  return Uint8Array.of(
    ...LABEL,
    ...withLength(cosigner),
    ...uint64(timestamp),
    ...withLength(origin),
    ...uint64(0),
    ...uint64(size),
    ...root,
  );
}

/** Undefined for a text that is no checkpoint, or one that cannot be signed in this way. */
function messageFor(text: Uint8Array, cosigner: string, timestamp: number): Uint8Array | undefined {
  try {
    const { origin, size, root } = parseCheckpoint(text);
    return cosignedTreeMessage({ cosigner, timestamp, origin, size, root });
  } catch (error) {
    if (error instanceof TlogError) return undefined;
    throw error;
  }
}

function withLength(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > MAX_NAME_BYTES || bytes.length === 0) {
    throw new TlogError('bad-checkpoint', `An ML-DSA-44 cosignature is over names of 1 to ${MAX_NAME_BYTES} bytes`);
  }
  return Uint8Array.of(bytes.length, ...bytes);
}

function uint64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}
