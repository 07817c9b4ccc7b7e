import { hash, randomBytes } from 'node:crypto';

const SECRET = /^[A-Za-z0-9_-]{43}$/;
/** Crockford's alphabet: nothing in it is taken for something else. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_LETTERS = 20;

/** A new secret of 256 random bits, for cookies: it cannot be guessed, so that its plain SHA-256 may be stored. */
export function makeSecret(): string {
  return randomBytes(32).toString('base64url');
}

export function isSecret(text: string): boolean {
  return SECRET.test(text);
}

/** What is stored of a secret: its SHA-256, lowercase hex. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret);
}

/** A code of 100 random bits that people can read out and type: `7QK2M-…`, four groups of five. */
export function makeCode(): string {
  const letters = Array.from(randomBytes(CODE_LETTERS), (byte) => LETTERS[byte % LETTERS.length]).join('');
  return letters.replaceAll(/.{5}(?=.)/g, '$&-');
}

/** A code as it was made, of what somebody typed: whatever its case and hyphens; null for what can be none. */
export function readCode(typed: string): string | null {
  const letters = typed
    .slice(0, 100)
    .toUpperCase()
    .replaceAll(/[\s-]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  return /^[0-9A-HJKMNP-TV-Z]{20}$/.test(letters) ? letters.replaceAll(/.{5}(?=.)/g, '$&-') : null;
}
