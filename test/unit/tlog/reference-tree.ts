import { createHash } from 'node:crypto';

/**
 * RFC 6962 word for word: MTH, PATH and SUBPROOF as the recursive definitions they are, over leaves 0, 1, 2, ...
 * It shares no code with lib/tlog. Hashes are kept by range, so that all trees of up to some hundred leaves are cheap.
 */
const known = new Map<string, Uint8Array>();

/** Entry `n` of the reference log. */
export function referenceEntry(n: number): Uint8Array {
  return new TextEncoder().encode(`entry ${n}`);
}

/** MTH(D[start:end]). */
export function treeHash(start: number, end: number): Uint8Array {
  const key = `${start}:${end}`;
  const hash = known.get(key) ?? computeTreeHash(start, end);
  known.set(key, hash);
  return hash;
}

function computeTreeHash(start: number, end: number): Uint8Array {
  const n = end - start;
  if (n === 0) return sha256();
  if (n === 1) return sha256(Uint8Array.of(0), referenceEntry(start));
  const k = largestPowerOfTwoBelow(n);
  return sha256(Uint8Array.of(1), treeHash(start, start + k), treeHash(start + k, end));
}

/** PATH(m, D[start:end]) of section 2.1.1. */
export function inclusionPath(m: number, start: number, end: number): Uint8Array[] {
  const n = end - start;
  if (n === 1) return [];
  const k = largestPowerOfTwoBelow(n);
  return m < k
    ? [...inclusionPath(m, start, start + k), treeHash(start + k, end)]
    : [...inclusionPath(m - k, start + k, end), treeHash(start, start + k)];
}

/** PROOF(m, D[n]) of section 2.1.2, for 0 < m <= n. */
export function consistencyPath(m: number, n: number): Uint8Array[] {
  return subproof(m, 0, n, true);
}

function subproof(m: number, start: number, end: number, complete: boolean): Uint8Array[] {
  const n = end - start;
  if (m === n) return complete ? [] : [treeHash(start, end)];
  const k = largestPowerOfTwoBelow(n);
  return m <= k
    ? [...subproof(m, start, start + k, complete), treeHash(start + k, end)]
    : [...subproof(m - k, start + k, end, false), treeHash(start, start + k)];
}

function largestPowerOfTwoBelow(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

function sha256(...parts: Uint8Array[]): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}
