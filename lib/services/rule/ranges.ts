import type { IndexRange } from '#lib/services/log/coverage.ts';

/** Ranges in order, those that overlap or touch made one. */
export function mergeRanges(ranges: readonly IndexRange[]): IndexRange[] {
  const merged: { startIndex: number; endIndex: number }[] = [];
  for (const { startIndex, endIndex } of [...ranges].sort((a, b) => a.startIndex - b.startIndex)) {
    const last = merged.at(-1);
    if (endIndex <= startIndex) continue;
    if (last && startIndex <= last.endIndex) last.endIndex = Math.max(last.endIndex, endIndex);
    else merged.push({ startIndex, endIndex });
  }
  return merged;
}

/** The parts of `whole` that no range of `taken` has. */
export function subtractRanges(whole: readonly IndexRange[], taken: readonly IndexRange[]): IndexRange[] {
  const holes: IndexRange[] = [];
  const cuts = mergeRanges(taken);
  for (const { startIndex, endIndex } of mergeRanges(whole)) {
    let from = startIndex;
    for (const cut of cuts) {
      if (cut.endIndex <= from || cut.startIndex >= endIndex) continue;
      if (cut.startIndex > from) holes.push({ startIndex: from, endIndex: cut.startIndex });
      from = Math.max(from, cut.endIndex);
    }
    if (from < endIndex) holes.push({ startIndex: from, endIndex });
  }
  return holes;
}

/** How many indices there are in the ranges. */
export function countIndices(ranges: readonly IndexRange[]): number {
  return ranges.reduce((sum, { startIndex, endIndex }) => sum + endIndex - startIndex, 0);
}
