import type { LogSummary } from '#lib/services/log/list.ts';
import { subtractRanges } from '#lib/services/rule/ranges.ts';

/** A stretch of a log that is not verified, and why. */
export interface CoverageGap {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly why: string;
}

/** How many entries there are to speak of: of the largest head that is known. */
export function sizeOf({ observedSize, verifiedSize, coverage }: LogSummary): number {
  return Math.max(observedSize, verifiedSize, ...coverage.map(({ endIndex }) => endIndex));
}

/** What no range covers, and why: said, never left to be guessed. */
export function coverageGaps(log: LogSummary): CoverageGap[] {
  const size = sizeOf(log);
  const isAllListed = log.coverage.length === log.coverageRanges;
  const end = isAllListed ? size : (log.coverage.at(-1)?.endIndex ?? 0);
  const reading = log.openBackfills.filter(({ kind }) => kind === 'history');
  return subtractRanges([{ startIndex: 0, endIndex: end }], log.coverage).flatMap((gap) => {
    const rest = subtractRanges([gap], reading);
    const read = subtractRanges([gap], rest);
    return [
      ...read.map(({ startIndex, endIndex }) => ({ from: startIndex, to: endIndex, why: 'being read back' })),
      ...rest.map(({ startIndex, endIndex }) => ({ from: startIndex, to: endIndex, why: reasonFor(log, startIndex) })),
    ].sort((a, b) => a.from - b.from);
  });
}

function reasonFor({ startIndex, verifiedSize }: LogSummary, from: number): string {
  if (from >= verifiedSize) return 'still to read';
  return startIndex !== null && from < startIndex ? 'before the start of the tail' : 'not verified';
}
