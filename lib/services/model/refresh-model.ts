import { and, desc, eq, inArray } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { bundles } from '#db/schema/bundle.ts';
import { models, versions } from '#db/schema/model.ts';
import { signingTime } from './signing.ts';

/** Keeps the newest version of each model that has one of these artifacts: the one signed last, else the one seen last. */
export function refreshModels(tx: Writer, artifactIds: readonly number[]): void {
  const touched = tx
    .selectDistinct({ modelId: versions.modelId })
    .from(versions)
    .where(inArray(versions.artifactId, [...artifactIds]))
    .all();
  for (const { modelId } of touched) refreshModel(tx, modelId);
}

function refreshModel(tx: Writer, modelId: string): void {
  const signed = tx
    .select({ versionId: versions.id, at: signingTime })
    .from(versions)
    .innerJoin(bundles, and(eq(bundles.versionId, versions.id), eq(bundles.state, 'verified')))
    .where(eq(versions.modelId, modelId))
    .orderBy(desc(signingTime), desc(bundles.id))
    .limit(1)
    .get();
  const seen = tx
    .select({ versionId: versions.id })
    .from(versions)
    .where(eq(versions.modelId, modelId))
    .orderBy(desc(versions.firstSeenAt), desc(versions.id))
    .limit(1)
    .get();
  tx.update(models)
    .set({ newestVersionId: signed?.versionId ?? seen?.versionId ?? null, lastSignedAt: signed?.at ?? null })
    .where(eq(models.id, modelId))
    .run();
}
