import { createPublicKey, hash } from 'node:crypto';
import { z } from 'zod';
import type { WatchedKey } from '#lib/watch/rule.ts';
import { refuse } from './refusal.ts';

const MAX_VALUES = 1000;
const MAX_PEM = 20_000;

const HEX = /^(?:(sha256|sha384|sha512):)?([0-9a-f]+)$/i;
const ALGORITHMS: ReadonlyMap<number, string> = new Map([
  [64, 'sha256'],
  [96, 'sha384'],
  [128, 'sha512'],
]);

const PEM = /^\s*-----BEGIN ([A-Z0-9 ]+)-----\s([A-Za-z0-9+/=\s]+)-----END \1-----\s*$/;

/** One digest: hex, with its algorithm before it or told by its length. Lowercase and bare when read. */
const digest = z
  .string()
  .min(1)
  .max(200)
  .transform((text, context): string => {
    const [, algorithm, hex = ''] = HEX.exec(text) ?? [];
    const actual = ALGORITHMS.get(hex.length);
    if (actual !== undefined && actual === (algorithm?.toLowerCase() ?? actual)) return hex.toLowerCase();
    refuse(
      context,
      `"${text.slice(0, 80)}" is no digest in hex`,
      'Write 64 (SHA-256), 96 (SHA-384) or 128 (SHA-512) hex digits, alone or behind sha256:, sha384: or sha512:',
    );
    return z.NEVER;
  });

/** One key: the SHA-256 of its SPKI DER, or of a certificate's DER, in hex; or the public key itself in PEM. */
const key = z
  .string()
  .min(1)
  .max(MAX_PEM)
  .transform((text, context): WatchedKey => {
    const pem = PEM.exec(text);
    if (pem !== null) {
      const read = readPublicKey(pem[1] ?? '', pem[2] ?? '');
      if (read !== null) return read;
      refuse(
        context,
        'is PEM, but of no public key',
        'Give the public key: BEGIN PUBLIC KEY, from openssl pkey -pubout',
      );
      return z.NEVER;
    }
    const [, algorithm = 'sha256', hex = ''] = HEX.exec(text) ?? [];
    if (hex.length === 64 && algorithm.toLowerCase() === 'sha256') return { sha256: hex.toLowerCase() };
    refuse(
      context,
      `"${text.slice(0, 80)}" is no fingerprint of a key`,
      'Write the 64 hex digits of the SHA-256 of its SPKI DER, without colons, or the public key in PEM',
    );
    return z.NEVER;
  });

/** What a public key's PEM says; null where it is none that this machine can read. */
function readPublicKey(label: string, body: string): WatchedKey | null {
  if (label !== 'PUBLIC KEY') return null;
  // The bytes as they are given: what a log entry holds is compared with these, not with another encoding of the key.
  const der = Buffer.from(body, 'base64');
  try {
    createPublicKey({ key: der, format: 'der', type: 'spki' });
  } catch {
    return null;
  }
  return { sha256: hash('sha256', der), spki: der.toString('hex') };
}

function oneOrMore<Value>(value: z.ZodType<Value, string>) {
  return z.union([value.transform((one): readonly Value[] => [one]), z.array(value).min(1).max(MAX_VALUES)]);
}

export const watchedDigests = oneOrMore(digest);
export const watchedKeys = oneOrMore(key);
