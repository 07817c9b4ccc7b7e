import { and, desc, eq, or } from 'drizzle-orm';
import type { Db } from '#db/client.ts';
import { models, versions } from '#db/schema/model.ts';
import { registrations } from '#db/schema/registration.ts';
import type { Expectation } from '#lib/provenance/verification.ts';

/** Versions of one label that are held against a list. */
const SAME_LABEL = 10;

/** What files are said to be is not known here. The message says what is missing and how to mend it. */
export class ExpectationError extends Error {
  override readonly name = 'ExpectationError';
  readonly code: 'no-model' | 'no-version';

  constructor(code: 'no-model' | 'no-version', message: string) {
    super(message);
    this.code = code;
  }
}

export interface ResolvedExpectation {
  readonly modelId: string;
  /** The versions that are meant, the newest first; null where any version of the model is. */
  readonly versionIds: readonly string[] | null;
  readonly newestVersionId: string;
}

/** @throws {ExpectationError} where no such model, or no such version of it, is known. */
export function resolveExpectation(db: Db, { model, version }: Expectation): ResolvedExpectation {
  const found =
    db.select().from(models).where(eq(models.name, model)).get() ??
    db.select().from(models).where(eq(models.slug, model)).get();
  const shown = JSON.stringify(model.slice(0, 200));
  if (!found) {
    throw new ExpectationError(
      'no-model',
      `No model ${shown} is known here. Give its exact name, or its slug as in the address of its page.`,
    );
  }
  const newest =
    found.newestVersionId ??
    db
      .select({ id: versions.id })
      .from(versions)
      .where(eq(versions.modelId, found.id))
      .orderBy(desc(versions.firstSeenAt), desc(versions.id))
      .limit(1)
      .get()?.id;
  if (newest === undefined) throw new ExpectationError('no-version', `No version of the model ${shown} is known here.`);
  if (version === null) return { modelId: found.id, versionIds: null, newestVersionId: newest };
  const versionIds = findVersions(db, found.id, version);
  if (versionIds.length === 0) {
    throw new ExpectationError(
      'no-version',
      `The model ${shown} has no version ${JSON.stringify(version.slice(0, 200))} here. Give its label, id or root.`,
    );
  }
  return { modelId: found.id, versionIds, newestVersionId: newest };
}

function findVersions(db: Db, modelId: string, version: string): string[] {
  const named = db
    .select({ id: versions.id })
    .from(versions)
    .where(
      and(
        eq(versions.modelId, modelId),
        or(eq(versions.label, version), eq(versions.id, version), eq(versions.root, version.toLowerCase())),
      ),
    )
    .orderBy(desc(versions.firstSeenAt), desc(versions.id))
    .limit(SAME_LABEL)
    .all();
  const registered = db
    .select({ id: registrations.versionId })
    .from(registrations)
    .where(and(eq(registrations.modelId, modelId), eq(registrations.label, version)))
    .all();
  // A registered label stands for one set of files: what a signer calls theirs does not widen it.
  return (registered.length > 0 ? registered : named).map(({ id }) => id);
}
