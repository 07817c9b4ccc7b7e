import type { DeliveryError } from '#lib/notify/delivery-error.ts';

const FIRST = 10_000;
const FACTOR = 3;
const LONGEST = 3_600_000;
/** About three hours: what a receiver that was restarted, or a night's maintenance, takes. */
const MOST_ATTEMPTS = 9;
/** Where what was configured or sent seems to be at fault. Those behind it need not wait for hours. */
const FEW_ATTEMPTS = 3;

/**
 * When to try a message again: exponentially later, with jitter so that many do not come back at once, and never before the
 * receiver asked for it.
 *
 * @param attempts made so far.
 * @param random from 0 to 1.
 * @returns milliseconds to wait; null where it is to be given up.
 */
export function retryDelay(
  attempts: number,
  { hope, retryAfter }: Pick<DeliveryError, 'hope' | 'retryAfter'>,
  random: number,
): number | null {
  if (hope === 'never' || attempts >= (hope === 'unlikely' ? FEW_ATTEMPTS : MOST_ATTEMPTS)) return null;
  const delay = Math.min(FIRST * FACTOR ** (attempts - 1), LONGEST);
  return Math.max(delay * (0.75 + 0.5 * random), retryAfter ?? 0);
}
