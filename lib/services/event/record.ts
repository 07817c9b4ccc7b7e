import type Database from 'better-sqlite3';
import { eq, sql } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { preparedOnce } from '#db/prepared.ts';
import { events } from '#db/schema/event.ts';
import { joinEventCertificate } from '#lib/services/certificate/join.ts';
import { linkEvent } from '#lib/services/event/link.ts';
import { reindexEvent } from '#lib/services/event/search-terms.ts';
import { settleExpected } from '#lib/services/expected/settle.ts';
import type { RuleMatch } from '#lib/watch/rule.ts';
import { addMatches } from './add-matches.ts';

export interface NewEvent {
  readonly row: typeof events.$inferInsert;
  readonly matches: readonly RuleMatch[];
  /** DER of the signer's certificate; null for bare keys and what cannot be read. */
  readonly certificate: Uint8Array | null;
}

const seenBefore = preparedOnce((db) =>
  db
    .select({ seenBy: events.seenBy })
    .from(events)
    .where(eq(events.id, sql.placeholder('id')))
    .prepare(),
);

/**
 * Stores an event with its matches, joins it with a bundle that waits for it, and makes it findable.
 * An event known from a bundle alone becomes one that we read ourselves; what the tail once read is not written again, but
 * may meet further rules.
 */
export function recordEvent(tx: Writer, sqlite: Database.Database, { row, matches, certificate }: NewEvent): void {
  const known = seenBefore(sqlite).get({ id: row.id });
  if (known?.seenBy === 'tail') {
    // A rule that came later may have led here.
    addMatches(tx, row.id, matches);
    return;
  }
  if (known) {
    // Claim and first sight were settled when the bundle came; what the tail read itself replaces the rest.
    const { id, claim, firstSeenAt, ...read } = row;
    tx.update(events).set(read).where(eq(events.id, id)).run();
  } else {
    tx.insert(events).values(row).run();
  }
  addMatches(tx, row.id, matches);
  linkEvent(tx, row, known !== undefined);
  settleExpected(tx, { eventIds: [row.id] });
  if (certificate) joinEventCertificate(tx, { ...row, eventId: row.id, certificate, now: row.firstSeenAt });
  reindexEvent(sqlite, row.id);
}
