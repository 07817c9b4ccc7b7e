import { gunzipSync } from 'node:zlib';
import { eq } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { trainingLogs } from '#db/schema/training-log.ts';
import { MAX_LOG_BYTES } from '#lib/training-log/read.ts';
import type { TrainingLogSummary } from '#lib/training-log/summary.ts';

/** A sealed log that was handed in. Every line was checked then; what the lines say are claims of the run. */
export interface StoredTrainingLog {
  readonly id: string;
  /** Of the file, lowercase hex. */
  readonly sha256: string;
  readonly root: string;
  readonly size: number;
  readonly run: string | null;
  readonly source: string;
  /** Milliseconds since the epoch, our clock. */
  readonly receivedAt: number;
  readonly summary: TrainingLogSummary;
}

const STORED = {
  id: trainingLogs.id,
  sha256: trainingLogs.sha256,
  root: trainingLogs.root,
  size: trainingLogs.size,
  run: trainingLogs.run,
  source: trainingLogs.source,
  receivedAt: trainingLogs.receivedAt,
  summary: trainingLogs.summary,
};

export const storedTrainingLogColumns = STORED;

export function toStoredTrainingLog(row: Omit<StoredTrainingLog, 'summary'> & { summary: string }): StoredTrainingLog {
  return { ...row, summary: JSON.parse(row.summary) as TrainingLogSummary };
}

/** One stored log; null where there is none of this id. */
export async function getTrainingLog({ db }: OpenDatabase, { id }: { id: string }): Promise<StoredTrainingLog | null> {
  const row = db.select(STORED).from(trainingLogs).where(eq(trainingLogs.id, id)).get();
  return row ? toStoredTrainingLog(row) : null;
}

/** The sealed file as it was handed in; null where there is none of this id. */
export async function getTrainingLogBytes({ db }: OpenDatabase, { id }: { id: string }): Promise<Uint8Array | null> {
  const row = db.select({ bytes: trainingLogs.bytes }).from(trainingLogs).where(eq(trainingLogs.id, id)).get();
  return row ? gunzipSync(row.bytes, { maxOutputLength: MAX_LOG_BYTES }) : null;
}
