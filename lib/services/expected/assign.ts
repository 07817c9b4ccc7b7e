/** Signings, each with the declarations that it meets, the best first. */
export type Choices = ReadonlyMap<string, readonly string[]>;

/**
 * Gives signings to declarations so that as many as possible are accounted for, and no declaration more often than it
 * may: a matching by augmenting paths. The signings are tried in the order of `choices`, so that the same signings and
 * declarations give the same result in whatever order they came.
 *
 * @param uses the most signings of each declaration.
 * @returns the declaration of each signing that has one.
 */
export function assignExpected(choices: Choices, uses: ReadonlyMap<string, number>): Map<string, string> {
  const held = new Map<string, string[]>();
  const given = new Map<string, string>();
  // What a search found to be full for good needs no second look: whatever is tried later, it stays full.
  const full = new Set<string>();

  const take = (signing: string, seen: Set<string>): boolean => {
    for (const declaration of choices.get(signing) ?? []) {
      if (full.has(declaration) || seen.has(declaration)) continue;
      seen.add(declaration);
      const holders = held.get(declaration) ?? [];
      held.set(declaration, holders);
      if (holders.length < (uses.get(declaration) ?? 0)) {
        holders.push(signing);
        given.set(signing, declaration);
        return true;
      }
      for (const [i, holder] of holders.entries()) {
        if (!take(holder, seen)) continue;
        holders[i] = signing;
        given.set(signing, declaration);
        return true;
      }
    }
    return false;
  };

  for (const signing of choices.keys()) {
    const seen = new Set<string>();
    if (!take(signing, seen)) for (const declaration of seen) full.add(declaration);
  }
  return given;
}
