import type { OpenDatabase } from '#db/client.ts';
import { getVersion, type VersionDetail } from '#lib/services/model/get-version.ts';
import { ExpectationError, resolveExpectation } from '#lib/services/verification/expectation.ts';
import { judgeVersion, type VersionLevel } from './judge-version.ts';

export interface NamedLevel {
  readonly detail: VersionDetail;
  readonly level: VersionLevel;
}

/**
 * The level of what people name: a model by its slug or exact name, with the version by label, id or root, else its newest.
 *
 * @throws {ExpectationError} where one of the two is not known, or several versions have the label.
 */
export async function getLevel(
  database: OpenDatabase,
  { model, version }: { readonly model: string; readonly version: string | null },
): Promise<NamedLevel> {
  const { versionIds, newestVersionId } = resolveExpectation(database.db, { model, version });
  const [first = newestVersionId, ...others] = versionIds ?? [];
  if (others.length > 0) {
    throw new ExpectationError('no-version', `Several versions are called ${JSON.stringify(version)}. Give the root.`);
  }
  const detail = await getVersion(database, { versionId: first, fileLimit: 0 });
  if (!detail) throw new ExpectationError('no-version', `The version ${first} is not here any more.`);
  return { detail, level: judgeVersion(database, detail) };
}
