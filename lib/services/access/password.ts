import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

/** N = 2^16, r = 8, p = 2: 64 MiB and about a quarter of a second (OWASP Password Storage Cheat Sheet). */
const COST = { log2N: 16, r: 8, p: 2 } as const;
const HASH_BYTES = 32;
const STORED = /^scrypt\$(1[0-9]|20)\$([1-9]|[12][0-9])\$([1-8])\$([A-Za-z0-9_-]{22})\$([A-Za-z0-9_-]{43})$/;
/** Hashes at a time: each takes 64 MiB, and whoever tries passwords must not take all of a machine's memory. */
const AT_ONCE = 2;
const WAITING = 10;

/** Too many passwords are being checked at once. */
export class PasswordBusyError extends Error {
  override readonly name = 'PasswordBusyError';
}

let running = 0;
const queue: (() => void)[] = [];

/** The password as it is stored: scrypt (RFC 7914), its parameters, salt and hash in one text. @throws {PasswordBusyError} */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, COST);
  return `scrypt$${COST.log2N}$${COST.r}$${COST.p}$${salt.toString('base64url')}$${hash.toString('base64url')}`;
}

/**
 * Whether a password is the stored one. Where nothing is stored (null) it takes as long, and is false: an answer must not
 * tell which accounts there are.
 *
 * @throws {PasswordBusyError}
 */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const parts = stored === null ? null : STORED.exec(stored);
  const [, log2N, r, p, salt, hash] = parts ?? [];
  const cost = parts ? { log2N: Number(log2N), r: Number(r), p: Number(p) } : COST;
  const derived = await derive(password, Buffer.from(salt ?? 'A'.repeat(22), 'base64url'), cost);
  const isEqual = timingSafeEqual(derived, Buffer.from(hash ?? 'A'.repeat(43), 'base64url'));
  return parts !== null && isEqual;
}

interface Cost {
  readonly log2N: number;
  readonly r: number;
  readonly p: number;
}

async function derive(password: string, salt: Uint8Array, { log2N, r, p }: Cost): Promise<Buffer> {
  await takeTurn();
  try {
    const N = 2 ** log2N;
    const options: ScryptOptions = { N, r, p, maxmem: 256 * N * r };
    return await new Promise<Buffer>((resolve, reject) => {
      // NFKC as NIST SP 800-63B 5.1.1.2 asks: the same password typed on another keyboard is the same.
      scrypt(password.normalize('NFKC'), salt, HASH_BYTES, options, (error, key) =>
        error ? reject(error) : resolve(key),
      );
    });
  } finally {
    running--;
    queue.shift()?.();
  }
}

async function takeTurn(): Promise<void> {
  if (running >= AT_ONCE) {
    if (queue.length >= WAITING) throw new PasswordBusyError('Too many people sign in at once. Try again in a moment.');
    await new Promise<void>((resolve) => queue.push(resolve));
  }
  running++;
}
