import { eq } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { bundleSubjects, bundles } from '#db/schema/bundle.ts';
import { models, versionFiles, versions } from '#db/schema/model.ts';
import { stableId } from '#lib/ids.ts';
import type { OmsManifest } from '#lib/model-signing/oms.ts';
import { slugOf } from '#lib/provenance/slug.ts';
import { settleEvent } from '#lib/services/event/settle.ts';

/** Shown where a statement names its subject with nothing: Digests/v0.1 lists files only. */
const UNNAMED = 'unnamed model';

/**
 * Stores the version that a verified model signature is about, its files once, and the model by the name the signer gave.
 * Events known as `other` that turn out to be about this version become `model`.
 */
export function recordVersion(tx: Writer, bundleId: string, manifest: OmsManifest, now: number): void {
  // Exactly as signed: names that differ in white space alone are two names.
  const name = manifest.name.trim() === '' ? `${UNNAMED} ${manifest.root.slice(0, 12)}` : manifest.name;
  const modelId = stableId('model', name);
  const versionId = stableId('version', modelId, manifest.root);
  const { changes: isNewModel } = tx
    .insert(models)
    .values({ id: modelId, name, slug: slugOf(name, modelId), firstSeenAt: now })
    .onConflictDoNothing()
    .run();
  const { changes: isNewVersion } = tx
    .insert(versions)
    .values({
      id: versionId,
      modelId,
      root: manifest.root,
      method: manifest.method,
      hashType: manifest.hashType,
      fileCount: manifest.resources.length,
      ignorePaths: JSON.stringify(manifest.ignorePaths),
      firstSeenAt: now,
    })
    .onConflictDoNothing()
    .run();
  if (isNewVersion) {
    manifest.resources.forEach((resource, position) => {
      const { name: path, algorithm, digest } = resource;
      tx.insert(versionFiles).values({ versionId, position, path, algorithm, digest }).run();
    });
  }
  tx.update(bundles).set({ versionId }).where(eq(bundles.id, bundleId)).run();
  if (isNewModel || isNewVersion) settleEventsAbout(tx, manifest.root);
}

function settleEventsAbout(tx: Writer, root: string): void {
  const about = tx
    .selectDistinct({ eventId: bundles.eventId })
    .from(bundleSubjects)
    .innerJoin(bundles, eq(bundles.id, bundleSubjects.bundleId))
    .where(eq(bundleSubjects.digest, root))
    .all();
  for (const { eventId } of about) if (eventId) settleEvent(tx, eventId);
}
