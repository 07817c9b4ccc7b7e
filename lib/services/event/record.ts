import type Database from 'better-sqlite3';
import { eq } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { eventMatches, events } from '#db/schema/event.ts';
import { linkEvent } from '#lib/services/event/link.ts';
import { reindexEvent } from '#lib/services/event/search-terms.ts';
import { settleExpected } from '#lib/services/expected/settle.ts';
import type { RuleMatch } from '#lib/watch/rule.ts';

export interface NewEvent {
  readonly row: typeof events.$inferInsert;
  readonly matches: readonly RuleMatch[];
}

/**
 * Stores an event with its matches, joins it with a bundle that waits for it, and makes it findable.
 * An event known from a bundle alone becomes one that we read ourselves; what the tail once read is not written again.
 */
export function recordEvent(tx: Writer, sqlite: Database.Database, { row, matches }: NewEvent): void {
  const known = tx.select({ seenBy: events.seenBy }).from(events).where(eq(events.id, row.id)).get();
  if (known?.seenBy === 'tail') return;
  if (known) {
    // Claim and first sight were settled when the bundle came; what the tail read itself replaces the rest.
    const { id, claim, firstSeenAt, ...read } = row;
    tx.update(events).set(read).where(eq(events.id, id)).run();
  } else {
    tx.insert(events).values(row).run();
  }
  const strongest = strongestPerRule(matches);
  if (strongest.length > 0) {
    tx.insert(eventMatches)
      .values(strongest.map((match) => ({ ...match, notes: JSON.stringify(match.notes), eventId: row.id })))
      .onConflictDoNothing()
      .run();
  }
  linkEvent(tx, row, known !== undefined);
  settleExpected(tx, { eventIds: [row.id] });
  reindexEvent(tx, sqlite, row.id);
}

const STRENGTH = { exact: 0, folded: 1, bytes: 2 } as const;

function strongestPerRule(matches: readonly RuleMatch[]): RuleMatch[] {
  const best = new Map<string, RuleMatch>();
  for (const match of [...matches].sort((a, b) => STRENGTH[a.how] - STRENGTH[b.how])) {
    if (!best.has(match.rule)) best.set(match.rule, match);
  }
  return [...best.values()];
}
