import type { LogRow } from '#lib/services/log/position.ts';
import { BackfillRefusedError } from './backfill-refused.ts';

/** @throws {BackfillRefusedError} where the past of the log cannot be read now. */
export function requireSearchable({ state, reading, startIndex, verifiedSize, origin }: LogRow): number {
  if (reading === 'index') {
    throw new BackfillRefusedError(
      `Entries of ${origin} are found through its search index, not read one by one: there is nothing to read back.`,
    );
  }
  if (state === 'frozen') {
    throw new BackfillRefusedError(`${origin} is frozen: nothing is read from it until it is thawed.`);
  }
  if (state === 'removed') {
    throw new BackfillRefusedError(`${origin} is no longer followed: name it in the configuration again first.`);
  }
  if (startIndex === null || verifiedSize === 0) {
    throw new BackfillRefusedError(`Nothing of ${origin} is verified yet: it is searched back from a verified head.`);
  }
  return startIndex;
}
