import { eq } from 'drizzle-orm';
import type { Db, Writer } from '#db/client.ts';
import { models, versions } from '#db/schema/model.ts';
import { suggestSlug, versionKey } from '#lib/provenance/public-slug.ts';
import { ExpectationError, resolveExpectation } from '#lib/services/verification/expectation.ts';
import { SharingError } from './sharing-error.ts';

/** What is shared: a model with its newest version, whichever that is, or one version for ever. */
export interface Target {
  readonly kind: 'model' | 'version';
  /** `mdl_…` or `ver_…`. */
  readonly targetId: string;
}

export interface KnownTarget extends Target {
  readonly name: string;
  readonly label: string | null;
  readonly modelSlug: string;
  /** An address below /p/ that it may have. */
  readonly suggestedSlug: string;
}

/** @throws {SharingError} `no-target` where it is not known here. */
export function requireTarget(db: Db | Writer, { kind, targetId }: Target): KnownTarget {
  const known = kind === 'model' ? readModel(db, targetId) : readVersion(db, targetId);
  if (known) return known;
  throw new SharingError('no-target', `No ${kind} ${JSON.stringify(targetId.slice(0, 100))} is known here.`);
}

/**
 * Finds what people name: a model by its exact name, slug or id, and a version of it by label, id or root.
 *
 * @throws {SharingError} `no-target` where one of the two is not known, or several versions have the label.
 */
export function findTarget(db: Db, model: string, version: string | null): Target {
  const byId = db.select({ slug: models.slug }).from(models).where(eq(models.id, model)).get();
  try {
    const { modelId, versionIds } = resolveExpectation(db, { model: byId?.slug ?? model, version });
    if (versionIds === null) return { kind: 'model', targetId: modelId };
    const [only, ...others] = versionIds;
    if (only !== undefined && others.length === 0) return { kind: 'version', targetId: only };
    throw new SharingError('no-target', `Several versions are called ${JSON.stringify(version)}. Give the root.`);
  } catch (error) {
    if (error instanceof ExpectationError) throw new SharingError('no-target', error.message);
    throw error;
  }
}

function readModel(db: Db | Writer, id: string): KnownTarget | null {
  const model = db.select().from(models).where(eq(models.id, id)).get();
  if (!model) return null;
  const suggestedSlug = suggestSlug([model.name], model.slug);
  return { kind: 'model', targetId: id, name: model.name, label: null, modelSlug: model.slug, suggestedSlug };
}

function readVersion(db: Db | Writer, id: string): KnownTarget | null {
  const row = db
    .select({ name: models.name, slug: models.slug, label: versions.label, root: versions.root })
    .from(versions)
    .innerJoin(models, eq(models.id, versions.modelId))
    .where(eq(versions.id, id))
    .get();
  if (!row) return null;
  const suggestedSlug = suggestSlug([row.name, row.label ?? versionKey(row.root)], `version-${versionKey(row.root)}`);
  return { kind: 'version', targetId: id, name: row.name, label: row.label, modelSlug: row.slug, suggestedSlug };
}
