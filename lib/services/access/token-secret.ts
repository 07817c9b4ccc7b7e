import { hash, randomBytes } from 'node:crypto';

const SECRET_BYTES = 32;
const SHOWN = 8;
/** The prefix lets scanners of leaked secrets know one when they see it. */
const TOKEN = /^mt_[A-Za-z0-9_-]{43}$/;

/** A new token of 256 random bits; it cannot be guessed, so that its plain SHA-256 may be stored. */
export function makeToken(): string {
  return `mt_${randomBytes(SECRET_BYTES).toString('base64url')}`;
}

export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

export function hashToken(token: string): string {
  return hash('sha256', token);
}

/** So much of a token is shown, for people to tell theirs apart. */
export function startOfToken(token: string): string {
  return token.slice(0, SHOWN);
}
