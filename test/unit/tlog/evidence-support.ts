import { createHash } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { formatCheckpoint } from '#lib/tlog/checkpoint.ts';
import { ed25519Verifier, formatVerifierKey } from '#lib/tlog/key.ts';
import { ed25519Signer, signNote } from '#lib/tlog/signer.ts';
import { nodePrimitives } from './node-primitives.ts';

/** A log in memory, whose hashes are those of RFC 6962's recursive definition and share no code with lib/tlog. */
export const ORIGIN = 'log.example/one';
const { secretKey, publicKey } = ed25519.keygen(new Uint8Array(32).fill(7));
export const signer = ed25519Signer(ORIGIN, secretKey);
export const logKey = ed25519Verifier(ORIGIN, publicKey, nodePrimitives);
export const vkey = formatVerifierKey(logKey);
export const LOG = { origin: ORIGIN, keys: [logKey] };
export const TRUST = { trustedKeys: [{ publicKey, names: [ORIGIN] }], primitives: nodePrimitives };

const sha256 = (...parts: Uint8Array[]) => new Uint8Array(createHash('sha256').update(Buffer.concat(parts)).digest());

export function rootOf(entries: readonly string[]): Uint8Array {
  if (entries.length === 0) return sha256();
  if (entries.length === 1) return sha256(Uint8Array.of(0), bytesOf(entries[0] ?? ''));
  let split = 1;
  while (split * 2 < entries.length) split *= 2;
  return sha256(Uint8Array.of(1), rootOf(entries.slice(0, split)), rootOf(entries.slice(split)));
}

/** PATH(index, D) of section 2.1.1. */
export function pathOf(index: number, entries: readonly string[]): Uint8Array[] {
  if (entries.length <= 1) return [];
  let split = 1;
  while (split * 2 < entries.length) split *= 2;
  const [left, right] = [entries.slice(0, split), entries.slice(split)];
  return index < split ? [...pathOf(index, left), rootOf(right)] : [...pathOf(index - split, right), rootOf(left)];
}

/** Every node of the trees of these entries, of all sizes. */
export function nodesOf(entries: readonly string[]): Uint8Array[] {
  return entries.flatMap((_, start) => {
    return Array.from({ length: entries.length - start }, (_, i) => rootOf(entries.slice(start, start + i + 1)));
  });
}

export const subtreeOf = (entries: readonly string[]) => async (level: number, index: number) =>
  rootOf(entries.slice(index * 2 ** level, (index + 1) * 2 ** level));

export function noteOf(entries: readonly string[], extensions: readonly string[] = []): string {
  const text = formatCheckpoint({ origin: ORIGIN, size: entries.length, root: rootOf(entries), extensions });
  return Buffer.from(signNote(text, [signer])).toString();
}

export const bytesOf = (text: string) => new Uint8Array(Buffer.from(text));
export const FROZEN = 'Log frozen — Thu Nov 26 12:00:00 UTC 2026';

/** A log of `size` entries, and one of the same key that is another from `fork` on. */
export function twoViews(fork: number, size: number, otherSize = size): [string[], string[]] {
  const one = Array.from({ length: size }, (_, i) => `entry ${i}`);
  const other = Array.from({ length: otherSize }, (_, i) => `${i < fork ? 'entry' : 'other'} ${i}`);
  return [one, other];
}
