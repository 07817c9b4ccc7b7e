import type Database from 'better-sqlite3';
import { eq } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { events } from '#db/schema/event.ts';
import { recordEvent } from '#lib/services/event/record.ts';
import { buildIndexEvent, type IndexEventInput } from './index-event.ts';

export interface RecordedEntry {
  readonly eventId: string;
  /** The event that was here before, whoever showed it. */
  readonly known: typeof events.$inferSelect | undefined;
}

/** Stores the event of an entry that an index named and that was proved, unless it is here already. */
export function recordProvenEntry(tx: Writer, sqlite: Database.Database, input: IndexEventInput): RecordedEntry {
  const known = tx.select().from(events).where(eq(events.leafHash, input.entry.leafHash)).get();
  if (known) return { eventId: known.id, known };
  const event = buildIndexEvent(tx, input);
  recordEvent(tx, sqlite, event);
  return { eventId: event.row.id, known };
}
