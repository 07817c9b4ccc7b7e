import { skeletonOfLatin } from './skeleton.ts';

/** The skeleton of each visible ASCII character as one octet or two, 0 where there is none: `m` is `r` and `n`. */
const FIRST = new Uint8Array(256);
const SECOND = new Uint8Array(256);
for (let code = 0x21; code < 0x7f; code++) {
  const skeleton = skeletonOfLatin(String.fromCharCode(code));
  FIRST[code] = skeleton.charCodeAt(0);
  SECOND[code] = skeleton.length > 1 ? skeleton.charCodeAt(1) : 0;
}

/** Where `hashOctet` begins. */
export const EMPTY_HASH = 0x811c9dc5;

/** Adds one octet of visible ASCII to the hash of a skeleton (FNV-1a, 32 bits). */
export function hashOctet(hash: number, octet: number): number {
  const once = Math.imul(hash ^ (FIRST[octet] as number), 0x01000193);
  const second = SECOND[octet] as number;
  return second === 0 ? once : Math.imul(once ^ second, 0x01000193);
}

/** The hash of a skeleton as `hashOctet` makes it of a value; null where no ASCII value can have this skeleton. */
export function hashSkeleton(skeleton: string): number | null {
  let hash = EMPTY_HASH;
  for (let i = 0; i < skeleton.length; i++) {
    const code = skeleton.charCodeAt(i);
    if (code > 0x7e) return null;
    hash = Math.imul(hash ^ code, 0x01000193);
  }
  return hash;
}

/** Writes the skeleton of the visible ASCII in `bytes[from, to)` to `target`, which holds twice as much; returns its length. */
export function writeSkeleton(bytes: Uint8Array, from: number, to: number, target: Uint8Array): number {
  let length = 0;
  for (let i = from; i < to; i++) {
    const octet = bytes[i] as number;
    target[length++] = FIRST[octet] as number;
    const second = SECOND[octet] as number;
    if (second !== 0) target[length++] = second;
  }
  return length;
}

/** Whether `part` stands in `bytes` from `at` on. Compared from its end: what tells names apart stands late in them. */
export function standsAt(bytes: Uint8Array, at: number, part: string): boolean {
  for (let i = part.length - 1; i >= 0; i--) if (bytes[at + i] !== part.charCodeAt(i)) return false;
  return true;
}
