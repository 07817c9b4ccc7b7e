import { and, asc, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { bundles } from '#db/schema/bundle.ts';
import { events } from '#db/schema/event.ts';
import { checkpoints } from '#db/schema/log.ts';
import { formatTlogProof } from '#lib/provenance/tlog-proof.ts';

const inputSchema = z.object({ id: z.string().max(100) });
type Input = z.input<typeof inputSchema>;

/** The entry as the log has it, byte for byte; null where no such event or no entry is kept. */
export async function getEntryBytes({ db }: OpenDatabase, input: Input): Promise<Uint8Array | null> {
  const { id } = inputSchema.parse(input);
  return db.select({ entry: events.entry }).from(events).where(eq(events.id, id)).get()?.entry ?? null;
}

/** The inclusion proof with its checkpoint as C2SP tlog-proof text; null where one of the two is not kept. */
export async function getInclusionProof(database: OpenDatabase, input: Input): Promise<string | null> {
  const proved = selectProved(database, input);
  if (!proved?.inclusionProof || proved.logIndex === null) return null;
  return formatTlogProof(proved.logIndex, proved.inclusionProof, proved.note);
}

/** The signed note that the inclusion proof leads to. */
export async function getCheckpointNote(database: OpenDatabase, input: Input): Promise<string | null> {
  return selectProved(database, input)?.note ?? null;
}

/** A bundle joined with the event: the one named, else the first, verified ones before refused. */
export async function getBundleBytes(
  { db }: OpenDatabase,
  input: Input & { bundleId?: string },
): Promise<Uint8Array | null> {
  const { id, bundleId } = inputSchema.extend({ bundleId: z.string().max(100).optional() }).parse(input);
  const rows = db
    .select({ id: bundles.id, state: bundles.state })
    .from(bundles)
    .where(and(eq(bundles.eventId, id), bundleId === undefined ? undefined : eq(bundles.id, bundleId)))
    .orderBy(asc(bundles.firstSeenAt), asc(bundles.id))
    .all();
  const best = rows.find(({ state }) => state === 'verified') ?? rows[0];
  if (!best) return null;
  return db.select({ bytes: bundles.bytes }).from(bundles).where(eq(bundles.id, best.id)).get()?.bytes ?? null;
}

function selectProved({ db }: OpenDatabase, input: Input) {
  const { id } = inputSchema.parse(input);
  return db
    .select({ logIndex: events.logIndex, inclusionProof: events.inclusionProof, note: checkpoints.note })
    .from(events)
    .innerJoin(checkpoints, eq(checkpoints.id, events.checkpointId))
    .where(eq(events.id, id))
    .get();
}
