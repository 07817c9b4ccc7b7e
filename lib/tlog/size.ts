/**
 * Arithmetic on tree sizes and leaf indices. They are safe integers up to 2^53 - 1, so nothing here may use
 * JavaScript's bitwise operators, which cut their operands to 32 bits.
 */

export const MAX_SIZE = Number.MAX_SAFE_INTEGER;

/** Whether `n` can be a tree size or a leaf index. */
export function isSize(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 0;
}

/** Number of one bits, which is the number of hashes in a compact range of that size. */
export function popcount(n: number): number {
  let count = 0;
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}

/** Exponent of the largest power of two that is at most `n`; `n` is at least 1. */
export function floorLog2(n: number): number {
  const high = Math.floor(n / 2 ** 32);
  return high > 0 ? 63 - Math.clz32(high) : 31 - Math.clz32(n);
}

/** Exponent of the largest power of two that divides `n`; 53, more than any size needs, when `n` is 0. */
export function trailingZeros(n: number): number {
  if (n === 0) return 53;
  let zeros = 0;
  for (let rest = n; rest % 2 === 0; rest /= 2) zeros++;
  return zeros;
}

const CANONICAL_DECIMAL = /^(?:0|[1-9][0-9]{0,15})$/;

/** A size in canonical decimal (no sign, no leading zero, at most 2^53 - 1), or undefined if `text` is none. */
export function parseDecimal(text: string): number | undefined {
  if (!CANONICAL_DECIMAL.test(text)) return undefined;
  const value = Number(text);
  return isSize(value) ? value : undefined;
}
