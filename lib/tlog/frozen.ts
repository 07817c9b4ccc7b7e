import type { Checkpoint } from './checkpoint.ts';

/**
 * Begins the extension line that Rekor v2's operators add to the last checkpoint of a log (cmd/freeze-checkpoint of
 * sigstore/rekor-tiles), with a time behind it: no more checkpoints are going to be published. C2SP knows no such line.
 */
export const FROZEN_LINE = 'Log frozen — ';

/** The line with which a checkpoint says that it is the log's last, or undefined. */
export function frozenLine({ extensions }: Pick<Checkpoint, 'extensions'>): string | undefined {
  return extensions.find((line) => line.startsWith(FROZEN_LINE));
}
