import { type KeyObject, verify } from 'node:crypto';
import { ed25519Verifier } from '#lib/tlog/key.ts';
import { noteKeyHash, SIGNATURE_TYPE, shortKeyId, spkiHash } from '#lib/tlog/key-id.ts';
import { isKeyName, type NoteVerifier } from '#lib/tlog/note.ts';
import { ed25519KeyFromSpki } from '#lib/tlog/spki.ts';
import type { ValidFor } from './validity.ts';

/** A transparency log as the trust root names it. */
export interface LogKey extends ValidFor {
  /** Rekor v2: the checkpoint's origin. Rekor v1: the host; its checkpoints say `<host> - <tree id>`. */
  readonly origin: string;
  readonly baseUrl: string;
  /** Lowercase hex, 32 bytes. */
  readonly logId: string;
  /** As the trust root names it: `PKIX_ED25519`, `PKIX_ECDSA_P256_SHA_256`, ... */
  readonly keyDetails: string;
  readonly spkiDer: Buffer;
  /** The 32 bytes of an Ed25519 key; null for other keys. */
  readonly rawKey: Uint8Array | null;
  readonly api: 'rekor-v1' | 'rekor-v2';
  readonly key: KeyObject;
  /** The names that its signature lines may carry: with and without the port for Rekor v1, the origin for v2. */
  readonly names: readonly string[];
}

/** What a log's id says of it. */
export type LogIdentity = Pick<LogKey, 'api' | 'origin' | 'names' | 'rawKey'>;

/**
 * Finds out from the log id which log it is. Rekor v2 takes SHA-256(origin || 0x0A || 0x01 || key) (C2SP signed-note),
 * Rekor v1 SHA-256(SPKI). Null where the id is neither: then no checkpoint could ever carry its key id.
 */
export function identifyLog(baseUrl: URL, logId: Uint8Array, spkiDer: Uint8Array): LogIdentity | null {
  const names = namesOf(baseUrl);
  const rawKey = rawEd25519(spkiDer);
  const isLogId = (hash: Uint8Array) => Buffer.from(hash).equals(logId);
  if (rawKey) {
    const origin = names.find((name) => isLogId(noteKeyHash(name, SIGNATURE_TYPE.ed25519, rawKey)));
    if (origin !== undefined) return { api: 'rekor-v2', origin, names: [origin], rawKey };
  }
  const [host] = names;
  return host !== undefined && isLogId(spkiHash(spkiDer)) ? { api: 'rekor-v1', origin: host, names, rawKey } : null;
}

/** Verifiers of the log's own signature lines, one for each name it may sign under. */
export function noteVerifiers(log: LogKey): NoteVerifier[] {
  return log.names.map((name) => {
    if (log.api === 'rekor-v2' && log.rawKey) return ed25519Verifier(name, log.rawKey);
    // Every answer of Rekor v1 has a signature of its own to check: OpenSSL's check is many times as fast as noble's.
    return {
      name,
      keyId: shortKeyId(Buffer.from(log.logId, 'hex')),
      verify: (text, signature) => verifySafely(log.key, text, signature),
    };
  });
}

/** Whether `key` signed `data`, with SHA-256 where the key's kind leaves the hash open. Never throws. */
export function verifySafely(key: KeyObject, data: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', data, key, signature);
  } catch {
    return false;
  }
}

function namesOf({ host, hostname, pathname }: URL): string[] {
  const path = pathname.replace(/\/+$/, '');
  return [...new Set([host, hostname, host + path, hostname + path])].filter(isKeyName);
}

function rawEd25519(spkiDer: Uint8Array): Uint8Array | null {
  try {
    return ed25519KeyFromSpki(spkiDer);
  } catch {
    return null;
  }
}
