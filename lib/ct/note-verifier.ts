import { parseCheckpoint } from '#lib/tlog/checkpoint.ts';
import { TlogError } from '#lib/tlog/error.ts';
import { nobleSha256 } from '#lib/tlog/hash.ts';
import { shortKeyId } from '#lib/tlog/key-id.ts';
import { type NoteVerifier, parseNote } from '#lib/tlog/note.ts';
import { TlsError, TlsReader } from './tls-reader.ts';
import { verifyDigitallySigned } from './tls-signature.ts';
import { type CertificateLogKey, treeHeadBytes } from './tree-head.ts';

/** Signature type of RFC6962NoteSignature (C2SP static-ct-api). */
const TYPE = 0x05;
const NEWLINE = 0x0a;
const TIMESTAMP_BYTES = 8;

export interface StaticLogKey extends CertificateLogKey {
  /** Hex of the log id: SHA-256 of the key (RFC 6962, 3.2). */
  readonly logId: string;
}

/**
 * Verifies the signature line of a static certificate log: an RFC 6962 tree head's signature, its time before it. It covers
 * size and root alone, so that a text with further lines is refused, and the origin is for the caller to compare.
 */
export function staticNoteVerifier({ origin, key, logId }: StaticLogKey): NoteVerifier {
  return {
    name: origin,
    keyId: shortKeyId(nobleSha256(Uint8Array.of(...Buffer.from(origin), NEWLINE, TYPE, ...Buffer.from(logId, 'hex')))),
    verify(text, signature) {
      try {
        const { size, root, extensions } = parseCheckpoint(text);
        const timestamp = readTime(signature);
        const signed = signature.subarray(TIMESTAMP_BYTES);
        return extensions.length === 0 && verifyDigitallySigned(key, treeHeadBytes({ timestamp, size, root }), signed);
      } catch (error) {
        if (error instanceof TlogError || error instanceof TlsError) return false;
        throw error;
      }
    },
  };
}

/** When the log signed a note that the verifier took; milliseconds since the epoch. */
export function signedAtOf(note: Uint8Array, { keyId, name }: NoteVerifier): number | undefined {
  const line = parseNote(note).signatures.find((signature) => signature.keyId === keyId && signature.name === name);
  return line && readTime(line.signature);
}

function readTime(signature: Uint8Array): number {
  return new TlsReader(signature).uint(TIMESTAMP_BYTES);
}
