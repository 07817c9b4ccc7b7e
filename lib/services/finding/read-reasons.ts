import { inArray, max } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { verdicts } from '#db/schema/artifact.ts';
import { inBatches } from '#lib/services/graph/batch.ts';

/** The reason of each artifact's present verdict, in words. */
export function readReasons(tx: Writer, artifactIds: readonly number[]): Map<number, string> {
  const readLatest = inBatches<number, { id: number | null }>((ids) =>
    tx
      .select({ id: max(verdicts.id) })
      .from(verdicts)
      .where(inArray(verdicts.artifactId, ids))
      .groupBy(verdicts.artifactId)
      .prepare(),
  );
  const read = inBatches<number, { artifactId: number; reason: string }>((ids) =>
    tx
      .select({ artifactId: verdicts.artifactId, reason: verdicts.reason })
      .from(verdicts)
      .where(inArray(verdicts.id, ids))
      .prepare(),
  );
  const latest = readLatest(artifactIds).flatMap(({ id }) => id ?? []);
  return new Map(read(latest).map(({ artifactId, reason }) => [artifactId, reason]));
}
