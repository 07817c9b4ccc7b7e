import { and, eq, inArray } from 'drizzle-orm';
import type { Db, Writer } from '#db/client.ts';
import { eventMatches } from '#db/schema/event.ts';
import { inBatches } from './batch.ts';

/** Of these events, those that met a watch rule for an identity of the own organisation, byte for byte. */
export function readOwnEvents(reader: Writer | Db, eventIds: readonly string[]): Set<string> {
  const read = inBatches<string, { eventId: string }>((ids) =>
    reader
      .selectDistinct({ eventId: eventMatches.eventId })
      .from(eventMatches)
      .where(and(inArray(eventMatches.eventId, ids), eq(eventMatches.own, true), eq(eventMatches.how, 'exact')))
      .prepare(),
  );
  return new Set(read(eventIds).map(({ eventId }) => eventId));
}
