import { hash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { trainingLogs } from '#db/schema/training-log.ts';
import { stableId } from '#lib/ids.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { readTrainingLog } from '#lib/training-log/read.ts';
import { sealOf, type TrainingLogSeal } from '#lib/training-log/seal.ts';
import { summariseTrainingLog } from '#lib/training-log/summary.ts';

export interface RecordedTrainingLog extends TrainingLogSeal {
  readonly id: string;
  readonly run: string;
  readonly isNew: boolean;
}

const sha256 = (data: Uint8Array): Uint8Array => hash('sha256', data, 'buffer');

/**
 * Checks a sealed training log from its first line to its seal, and stores it once. What attests it is found when it is
 * asked for: the attestation may come later.
 *
 * @param handed.source the token's name, or `command line`.
 * @throws {TrainingLogError} for a log that is broken or not sealed.
 */
export function recordTrainingLog(
  { database, now }: ServiceContext,
  handed: { readonly bytes: Uint8Array; readonly source: string },
): RecordedTrainingLog {
  const log = readTrainingLog(handed.bytes, sha256);
  const seal = sealOf(log);
  const { run } = log.header;
  const id = stableId('training-log', seal.sha256);
  const { changes } = database.db
    .insert(trainingLogs)
    .values({
      id,
      ...seal,
      run,
      summary: JSON.stringify(summariseTrainingLog(log.entries)),
      bytes: gzipSync(handed.bytes),
      source: handed.source,
      receivedAt: now(),
    })
    .onConflictDoNothing()
    .run();
  return { id, run, ...seal, isNew: changes > 0 };
}
