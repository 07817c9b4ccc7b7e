import { RateLimiterMemory } from 'rate-limiter-flexible';
import { RATE_LIMITS } from '#lib/http/rate-limit.ts';

const SECONDS = 60;

/** Of all together, as for readers of the API without a token: nothing tells them apart that they could not make up. */
const reads = new RateLimiterMemory({ points: RATE_LIMITS.anonymousReads, duration: SECONDS });

/** Whether one more request is too many. */
export async function isTooMany(): Promise<boolean> {
  return reads.consume('public').then(
    () => false,
    () => true,
  );
}
