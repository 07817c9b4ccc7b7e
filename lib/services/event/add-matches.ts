import type { Writer } from '#db/client.ts';
import { eventMatches } from '#db/schema/event.ts';
import { strongestMatches } from '#lib/watch/match-strength.ts';
import type { RuleMatch } from '#lib/watch/rule.ts';

/** Stores which rules an event met, each once, by its strongest match. Returns how many had not been stored. */
export function addMatches(tx: Writer, eventId: string, matches: readonly RuleMatch[]): number {
  const strongest = strongestMatches(matches);
  if (strongest.length === 0) return 0;
  return tx
    .insert(eventMatches)
    .values(strongest.map((match) => ({ ...match, notes: JSON.stringify(match.notes), eventId })))
    .onConflictDoNothing()
    .run().changes;
}
