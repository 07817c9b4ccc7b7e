import { eq } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { bundleSubjects, bundles } from '#db/schema/bundle.ts';
import { models, versionFiles, versions } from '#db/schema/model.ts';
import { stableId } from '#lib/ids.ts';
import { manifestId } from '#lib/model-signing/manifest-id.ts';
import type { OmsManifest } from '#lib/model-signing/oms.ts';
import { rootCandidates } from '#lib/model-signing/roots.ts';
import type { SeenAs } from '#lib/provenance/seen-as.ts';
import { releaseOf } from '#lib/provenance/signer.ts';
import { slugOf } from '#lib/provenance/slug.ts';
import { settleEvent } from '#lib/services/event/settle.ts';
import type { Alias } from '#lib/services/graph/alias.ts';
import { placeArtifact } from '#lib/services/graph/place-artifact.ts';

/** Shown where a statement names its subject with nothing: Digests/v0.1 lists files only. */
const UNNAMED = 'unnamed model';

export interface VersionOrigin {
  readonly seenAs: SeenAs;
  /** What the source or the maker calls this version; a claim. */
  readonly label?: string | null;
  /** Further names of the same files that we saw ourselves: the repository and commit they lay in. */
  readonly aliases?: readonly Alias[];
}

/**
 * Stores a version of a model, its files once, and the model by the name given; and places it in the graph by everything
 * that its files alone make it known by. A version that was observed becomes a registered one when its maker states it,
 * and either a signed one when its signature comes.
 *
 * @returns the artifact's id, and the version's.
 */
export function storeVersion(
  tx: Writer,
  manifest: OmsManifest,
  origin: VersionOrigin,
  now: number,
): { versionId: string; artifactId: number } {
  // Exactly as signed: names that differ in white space alone are two names.
  const name = manifest.name.trim() === '' ? `${UNNAMED} ${manifest.root.slice(0, 12)}` : manifest.name;
  const modelId = stableId('model', name);
  const versionId = stableId('version', modelId, manifest.root);
  const { changes: isNewModel } = tx
    .insert(models)
    .values({ id: modelId, name, slug: slugOf(name, modelId), firstSeenAt: now, lastSignedAt: null })
    .onConflictDoNothing()
    .run();
  const aliases = [...aliasesOf(manifest), ...(origin.aliases ?? [])];
  const artifactId = placeArtifact(tx, { kind: 'model', name, aliases }, now);
  const { changes: isNewVersion } = tx
    .insert(versions)
    .values({
      id: versionId,
      modelId,
      artifactId,
      root: manifest.root,
      seenAs: origin.seenAs,
      label: origin.label ?? null,
      method: manifest.method,
      hashType: manifest.hashType,
      fileCount: manifest.resources.length,
      ignorePaths: JSON.stringify(manifest.ignorePaths),
      firstSeenAt: now,
    })
    .onConflictDoNothing()
    .run();
  if (isNewVersion) storeFiles(tx, versionId, manifest);
  else {
    const known = tx.select().from(versions).where(eq(versions.id, versionId)).get();
    // What was signed is best called what its signer calls it.
    const keepsLabel = origin.label == null || (origin.seenAs === 'registered' && known?.seenAs === 'signed');
    // The root says nothing of names nor of what is left out: of these the signer's word counts.
    const isSignedNow = origin.seenAs === 'signed' && known?.seenAs !== 'signed';
    if (isSignedNow) storeFiles(tx, versionId, manifest);
    tx.update(versions)
      .set({
        artifactId,
        ...(isSignedNow ? { ignorePaths: JSON.stringify(manifest.ignorePaths) } : {}),
        seenAs: known ? strongerOf(known.seenAs, origin.seenAs) : origin.seenAs,
        label: keepsLabel ? (known?.label ?? origin.label ?? null) : origin.label,
      })
      .where(eq(versions.id, versionId))
      .run();
  }
  if (isNewModel || isNewVersion) settleEventsAbout(tx, manifest.root);
  return { versionId, artifactId };
}

function storeFiles(tx: Writer, versionId: string, { resources }: OmsManifest): void {
  tx.delete(versionFiles).where(eq(versionFiles.versionId, versionId)).run();
  resources.forEach(({ name: path, algorithm, digest }, position) => {
    tx.insert(versionFiles).values({ versionId, position, path, algorithm, digest }).run();
  });
}

function strongerOf(a: SeenAs, b: SeenAs): SeenAs {
  if (a === 'signed' || b === 'signed') return 'signed';
  return a === 'registered' || b === 'registered' ? 'registered' : 'observed';
}

/** Stores the version that a verified model signature is about. @returns its artifact. */
export function recordVersion(tx: Writer, bundleId: string, manifest: OmsManifest, now: number): number {
  const bundle = tx
    .select({ method: bundles.method, san: bundles.san })
    .from(bundles)
    .where(eq(bundles.id, bundleId))
    .get();
  const label = bundle?.method === 'sigstore' ? releaseOf(bundle.san) : null;
  const { versionId, artifactId } = storeVersion(tx, manifest, { seenAs: 'signed', label }, now);
  tx.update(bundles).set({ versionId }).where(eq(bundles.id, bundleId)).run();
  return artifactId;
}

/** Names that follow from the files by mathematics, so that a hostile signer cannot choose them. */
export function aliasesOf(manifest: OmsManifest): Alias[] {
  const { python, specification } = rootCandidates(manifest.resources);
  const others = [python, specification].filter((root) => root !== manifest.root);
  const [only, ...more] = manifest.resources;
  const single = only && more.length === 0 && !only.shard ? only : null;
  return [
    { scheme: 'sha256', value: manifest.root, kind: 'oms-root' },
    ...[...new Set(others)].map((value): Alias => ({ scheme: 'sha256', value, kind: 'other-order-root' })),
    { scheme: 'sha256', value: manifestId(manifest.resources), kind: 'manifest-id' },
    ...(single ? [{ scheme: single.algorithm, value: single.digest, kind: 'file' as const }] : []),
  ];
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
