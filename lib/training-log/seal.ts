import type { StatedTree } from './entry.ts';
import type { TrainingLog } from './read.ts';
import { TrainingLogError } from './training-log-error.ts';

/** What pins a sealed log: the tree that its last line states, and the SHA-256 of the whole file. All lowercase hex. */
export interface TrainingLogSeal extends StatedTree {
  readonly sha256: string;
}

/** @throws {TrainingLogError} `not-sealed` for a log that is still written. */
export function sealOf({ seal, sha256 }: Pick<TrainingLog, 'seal' | 'sha256'>): TrainingLogSeal {
  if (seal === null) {
    throw new TrainingLogError(
      'not-sealed',
      'The log has no seal: more could be written to it. Seal it: modeltrail trainlog seal FILE',
    );
  }
  return { ...seal, sha256 };
}
