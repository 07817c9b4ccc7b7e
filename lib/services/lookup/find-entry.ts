import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { events } from '#db/schema/event.ts';
import { logs } from '#db/schema/log.ts';

const inputSchema = z.object({ origin: z.string().max(8192), index: z.int().min(0) });

/** The entry at an index of a log that is followed: its event, and the log's key as SPKI DER. Null where none is kept. */
export async function findEntry({ db }: OpenDatabase, input: z.input<typeof inputSchema>) {
  const { origin, index } = inputSchema.parse(input);
  const found = db
    .select({ eventId: events.id, publicKey: logs.publicKey })
    .from(events)
    .innerJoin(logs, eq(logs.id, events.logId))
    .where(and(eq(logs.origin, origin), eq(events.logIndex, index)))
    .get();
  return found ?? null;
}
