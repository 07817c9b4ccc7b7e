import { hash, randomBytes } from 'node:crypto';

const SECRET_BYTES = 32;
const SECRET = /^[A-Za-z0-9_-]{43}$/;

/** 256 random bits for an address: nobody guesses them, so that their plain SHA-256 may be stored. */
export function makeShareSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

export function isShareSecret(text: string): boolean {
  return SECRET.test(text);
}

/** Lowercase hex. */
export function hashShareSecret(secret: string): string {
  return hash('sha256', secret);
}
