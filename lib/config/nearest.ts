/** Words are compared so far; none that anybody means to write is longer. */
const MAX_LENGTH = 64;

/** The candidate that the word was most likely meant to be, or null when none is close. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  let best: string | null = null;
  let bestDistance = Math.max(2, Math.floor(Math.min(word.length, MAX_LENGTH) / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance >= bestDistance) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}

/** Levenshtein's distance: how many characters to put in, take out or change. */
function editDistance(a: string, b: string): number {
  const target = b.slice(0, MAX_LENGTH);
  let row = Array.from({ length: target.length + 1 }, (_, index) => index);
  for (const [i, character] of [...a.slice(0, MAX_LENGTH)].entries()) {
    const next = [i + 1];
    for (let j = 0; j < target.length; j++) {
      const change = (row[j] ?? 0) + (target[j] === character ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
