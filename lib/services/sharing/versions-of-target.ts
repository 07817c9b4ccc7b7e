import { desc, eq } from 'drizzle-orm';
import type { Db, Writer } from '#db/client.ts';
import { models, versions } from '#db/schema/model.ts';
import type { Target } from './target.ts';

export interface TargetVersions {
  readonly modelId: string;
  readonly name: string;
  /** What the page shows where no version is asked for; null where none is known. */
  readonly shownId: string | null;
  /** All that are public with it, the newest first. */
  readonly all: readonly { readonly id: string; readonly root: string }[];
}

/** The versions that a public page is about: of a model all, of a version itself. */
export function versionsOfTarget(db: Db | Writer, { kind, targetId }: Target): TargetVersions | null {
  return kind === 'model' ? ofModel(db, targetId) : ofVersion(db, targetId);
}

function ofModel(db: Db | Writer, modelId: string): TargetVersions | null {
  const model = db.select().from(models).where(eq(models.id, modelId)).get();
  if (!model) return null;
  const all = db
    .select({ id: versions.id, root: versions.root })
    .from(versions)
    .where(eq(versions.modelId, modelId))
    .orderBy(desc(versions.firstSeenAt), desc(versions.id))
    .all();
  return { modelId, name: model.name, shownId: model.newestVersionId ?? all[0]?.id ?? null, all };
}

function ofVersion(db: Db | Writer, id: string): TargetVersions | null {
  const row = db
    .select({ modelId: models.id, name: models.name, root: versions.root })
    .from(versions)
    .innerJoin(models, eq(models.id, versions.modelId))
    .where(eq(versions.id, id))
    .get();
  return row ? { modelId: row.modelId, name: row.name, shownId: id, all: [{ id, root: row.root }] } : null;
}
