import type { RuleMatch } from './rule.ts';

/** From the surest on. What stands in unreadable bytes may be the very name; what only looks like it is another's. */
const STRENGTH: Readonly<Record<RuleMatch['how'], number>> = { exact: 0, folded: 1, bytes: 2, 'look-alike': 3 };

/** Whether the first is a surer match than the second. */
export function isStronger(one: RuleMatch, other: RuleMatch): boolean {
  return STRENGTH[one.how] < STRENGTH[other.how];
}

/** The surest match of each rule, in the order in which the rules are met first. */
export function strongestMatches(matches: readonly RuleMatch[]): RuleMatch[] {
  const best = new Map<string, RuleMatch>();
  for (const match of matches) {
    const held = best.get(match.rule);
    if (held === undefined || isStronger(match, held)) best.set(match.rule, match);
  }
  return [...best.values()];
}
