import { hash } from 'node:crypto';
import { MATCHER_VERSION } from '#lib/watch/match.ts';
import type { WatchRule } from '#lib/watch/rule.ts';

/** What tells one definition of a rule from another, as this version understands it: SHA-256, in lowercase hex. */
export function ruleDefinition(rule: WatchRule): string {
  return hash('sha256', JSON.stringify([MATCHER_VERSION, sorted(rule)]));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, sorted(member)]));
}
