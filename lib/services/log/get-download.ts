import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { checkpoints, logFaults, logs } from '#db/schema/log.ts';

const partSchema = z.object({ logId: z.int().positive(), id: z.int().positive() });
type PartInput = z.input<typeof partSchema>;

/**
 * The evidence of a fault as JSON text: the file that `modeltrail log check-evidence` judges where one could be made, else
 * what was received and held. Null where there is none.
 */
export async function getFaultEvidence({ db }: OpenDatabase, input: PartInput): Promise<string | null> {
  const { logId, id } = partSchema.parse(input);
  const fault = db
    .select()
    .from(logFaults)
    .where(and(eq(logFaults.id, id), eq(logFaults.logId, logId)))
    .get();
  if (!fault?.evidence) return null;
  const { file } = JSON.parse(fault.evidence) as Record<string, string>;
  return file ?? fault.evidence;
}

/** A checkpoint's signed note, as received. */
export async function getNote({ db }: OpenDatabase, input: PartInput): Promise<string | null> {
  const { logId, id } = partSchema.parse(input);
  const found = db
    .select({ note: checkpoints.note })
    .from(checkpoints)
    .where(and(eq(checkpoints.id, id), eq(checkpoints.logId, logId)))
    .get();
  return found?.note ?? null;
}

/** The key that the log signs with, as SPKI DER. */
export async function getLogKey({ db }: OpenDatabase, input: { id: number }): Promise<Uint8Array | null> {
  const { id } = z.object({ id: z.int().positive() }).parse(input);
  return db.select({ publicKey: logs.publicKey }).from(logs).where(eq(logs.id, id)).get()?.publicKey ?? null;
}
