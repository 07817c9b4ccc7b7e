import type { SignedCheckpoint } from '#lib/rekor/checkpoint.ts';
import { LogDataError } from '#lib/rekor/log-data-error.ts';
import type { LogRow } from './position.ts';

/**
 * A log whose key the trust root no longer holds valid has ended: it is still polled, but must not have grown since we saw
 * it last. Its notes bear no time, so that what is new now cannot be told from what the key signed after its end.
 *
 * @param validUntil milliseconds since the epoch; null or undefined while the key has no end.
 * @throws {LogDataError} `expired-key`: a failure, for we may have been away when it grew.
 */
export function requireKeyInForce(
  log: LogRow,
  checkpoint: SignedCheckpoint,
  seenAt: number,
  validUntil: number | null | undefined,
): void {
  if (validUntil === null || validUntil === undefined || seenAt <= validUntil) return;
  if (log.startIndex === null || checkpoint.size <= Math.max(log.verifiedSize, log.observedSize)) return;
  throw new LogDataError(
    'expired-key',
    `The log shows ${checkpoint.size} entries, ${log.verifiedSize} of which were read before, but its key was valid until ${new Date(validUntil).toISOString()} only. ` +
      'If it ended in time and we were away, give its key in logs.list: then the rest is read.',
    { received: checkpoint.note },
  );
}
