import type { SignedCheckpoint } from '#lib/rekor/checkpoint.ts';
import { LogDataError } from '#lib/rekor/log-data-error.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { type LogRow, touchLog } from './position.ts';

/** What rekor-tiles writes behind the root of a shard's last checkpoint; what follows names its successor. */
const FROZEN = /^Log frozen\b/;

/**
 * Takes note where a checkpoint says that its log ends with it. Such a log is still polled: a later checkpoint of another
 * size breaks what was signed.
 *
 * @throws {LogDataError} `inconsistent` where the log went on after it had signed that it ended.
 */
export function noteFinalSize(ctx: ServiceContext, log: LogRow, checkpoint: SignedCheckpoint): void {
  if (log.finalSize !== null && checkpoint.size > log.finalSize) {
    throw new LogDataError(
      'inconsistent',
      `The log signed that it ends with size ${log.finalSize}, and now signs size ${checkpoint.size}: it went on after its end.`,
      { 'final size': String(log.finalSize), received: checkpoint.note },
    );
  }
  if (log.finalSize !== null || !checkpoint.extensions.some((line) => FROZEN.test(line))) return;
  touchLog(ctx, log.id, { finalSize: checkpoint.size });
  ctx.log.info({ origin: log.origin, size: checkpoint.size }, 'the log says that it ends here');
}
