import { type KeyObject, verify } from 'node:crypto';
import { TlsReader } from './tls-reader.ts';

/** HashAlgorithm and SignatureAlgorithm of TLS 1.2 (RFC 5246, 7.4.1.4.1; RFC 8422, 5.1.3). Nothing older than SHA-256. */
const HASHES = new Map([
  [4, 'sha256'],
  [5, 'sha384'],
  [6, 'sha512'],
]);
const INTRINSIC = 8;
const KEY_TYPES = new Map([
  [1, 'rsa'],
  [3, 'ec'],
  [7, 'ed25519'],
]);

/** Whether `signature`, a DigitallySigned (RFC 5246, 4.7), is that of `key` over `data`. Never throws. */
export function verifyDigitallySigned(key: KeyObject, data: Uint8Array, signature: Uint8Array): boolean {
  try {
    const reader = new TlsReader(signature);
    const hash = reader.uint(1);
    const algorithm = KEY_TYPES.get(reader.uint(1));
    const bytes = reader.vector(2);
    reader.end();
    if (algorithm !== key.asymmetricKeyType) return false;
    if (algorithm === 'ed25519') return hash === INTRINSIC && verify(null, data, key, bytes);
    const digest = HASHES.get(hash);
    return digest !== undefined && verify(digest, data, key, bytes);
  } catch {
    return false;
  }
}
