import type { Writer } from '#db/client.ts';
import { eventMatches } from '#db/schema/event.ts';
import type { RuleMatch } from '#lib/watch/rule.ts';

const STRENGTH = { exact: 0, folded: 1, bytes: 2 } as const;

/** Stores which rules an event met, each once, by its strongest match. Returns how many had not been stored. */
export function addMatches(tx: Writer, eventId: string, matches: readonly RuleMatch[]): number {
  const strongest = strongestPerRule(matches);
  if (strongest.length === 0) return 0;
  return tx
    .insert(eventMatches)
    .values(strongest.map((match) => ({ ...match, notes: JSON.stringify(match.notes), eventId })))
    .onConflictDoNothing()
    .run().changes;
}

function strongestPerRule(matches: readonly RuleMatch[]): RuleMatch[] {
  const best = new Map<string, RuleMatch>();
  for (const match of [...matches].sort((a, b) => STRENGTH[a.how] - STRENGTH[b.how])) {
    if (!best.has(match.rule)) best.set(match.rule, match);
  }
  return [...best.values()];
}
