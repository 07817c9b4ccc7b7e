import type { WatchRule } from '#lib/watch/rule.ts';

/** What the threads of a pool pick by, under a number that tasks name. Awaited leaves are lowercase hex. */
export interface PoolProgram {
  readonly program: number;
  readonly rules: readonly WatchRule[];
  readonly awaited: ReadonlySet<string>;
}

/** Rounds of several logs may be under way at once; a thread forgets programs that are so many older than the newest. */
export const PROGRAMS_KEPT = 64;
