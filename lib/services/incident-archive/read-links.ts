import { and, eq, inArray } from 'drizzle-orm';
import type { Db } from '#db/client.ts';
import { links } from '#db/schema/artifact.ts';
import { bundleSubjects, bundles } from '#db/schema/bundle.ts';
import { versionFiles, versions } from '#db/schema/model.ts';
import type { ArchivedArtifact, ArchivedLink } from '#lib/incident-archive/documents.ts';
import { type AliasName, digestAlias } from '#lib/provenance/input-name.ts';
import { groupBy, inBatches } from '#lib/services/graph/batch.ts';
import { type LinkRow, linkAliases, readDigests } from '#lib/services/graph/stored-link.ts';
import type { StoredAffected } from './read-affected.ts';

/** The links of all paths, and which of them leads to which step. */
export interface PathLinks {
  readonly rows: readonly LinkRow[];
  linkOf(affected: StoredAffected, step: number): number | null;
}

/**
 * The links that paths go along. A document that is read again states the same links under new ids, so that one whose id is
 * gone is looked for between the same two artifacts, in a document that the step names.
 */
export function readPathLinks(db: Db, affected: readonly StoredAffected[]): PathLinks {
  const byId = inBatches<number, LinkRow>((keys) => db.select().from(links).where(inArray(links.id, keys)).prepare());
  const ids = affected.flatMap(({ path }) => path.flatMap(({ linkId }) => linkId ?? []));
  const known = new Map(byId(ids).map((row) => [row.id, row]));
  const isRefused = refusedBundles(db);
  const used = new Map<number, LinkRow>();
  const found = new Map<string, number | null>();
  for (const { artifactId, path } of affected) {
    path.forEach((step, i) => {
      const before = path[i - 1];
      if (!before) return;
      const ends = { childId: step.artifactId, parentId: before.artifactId };
      const named = known.get(step.linkId ?? 0);
      const isSame = named?.childId === ends.childId && named.parentId === ends.parentId;
      const stated = isSame ? named : findBetween(db, ends, step.proofs);
      // What a bundle states that does not verify any more, nothing shows.
      const link = stated && isRefused(stated.bundleId) ? undefined : stated;
      found.set(`${artifactId} ${i}`, link?.id ?? null);
      if (link) used.set(link.id, link);
    });
  }
  return {
    rows: [...used.values()].sort((a, b) => a.id - b.id),
    linkOf: ({ artifactId }, step) => found.get(`${artifactId} ${step}`) ?? null,
  };
}

function refusedBundles(db: Db): (id: string | null) => boolean {
  const known = new Map<string, boolean>();
  return (id) => {
    if (id === null) return false;
    const found =
      known.get(id) ??
      db.select({ state: bundles.state }).from(bundles).where(eq(bundles.id, id)).get()?.state !== 'verified';
    known.set(id, found);
    return found;
  };
}

function findBetween(
  db: Db,
  { childId, parentId }: { childId: number; parentId: number },
  proofs: readonly string[],
): LinkRow | undefined {
  const between = db
    .select()
    .from(links)
    .where(and(eq(links.childId, childId), eq(links.parentId, parentId)))
    .orderBy(links.id)
    .all();
  return between.find(({ bundleId, declarationId }) => proofs.includes(bundleId ?? `declaration ${declarationId}`));
}

/** Links as the archive lists them: what the document says, and by which digests it says it of these two artifacts. */
export function describeLinks(
  db: Db,
  rows: readonly LinkRow[],
  described: ReadonlyMap<number, ArchivedArtifact>,
): ArchivedLink[] {
  const readSubjects = inBatches<string, typeof bundleSubjects.$inferSelect>((keys) =>
    db.select().from(bundleSubjects).where(inArray(bundleSubjects.bundleId, keys)).prepare(),
  );
  const subjects = groupBy(readSubjects(rows.flatMap(({ bundleId }) => bundleId ?? [])), ({ bundleId }) => bundleId);
  return rows.flatMap((row): ArchivedLink[] => {
    const { id, childId: child, parentId: parent, role, basis, state, reason, at, name, uri } = row;
    const statedBy = statementOf(row);
    if (statedBy === null) return [];
    const stated = (subjects.get(row.bundleId ?? '') ?? []).flatMap((subject) => digestAlias('code', subject) ?? []);
    return [
      {
        id,
        child,
        parent,
        role,
        basis,
        state,
        reason,
        statedBy,
        at,
        name,
        uri,
        digests: readDigests(row.digests),
        subject: firstShared(stated, described.get(child)),
        input: firstShared(linkAliases(row), described.get(parent)) ?? fileOf(db, linkAliases(row), parent),
      },
    ];
  });
}

function statementOf({ bundleId, declarationId }: LinkRow): ArchivedLink['statedBy'] | null {
  if (bundleId !== null) return { bundle: bundleId };
  return declarationId === null ? null : { declaration: declarationId };
}

function firstShared(names: readonly AliasName[], artifact: ArchivedArtifact | undefined): AliasName | null {
  const found = names.find(({ scheme, value }) =>
    artifact?.aliases.some((alias) => alias.scheme === scheme && alias.value === value),
  );
  return found ? { scheme: found.scheme, value: found.value } : null;
}

/** The digest of a file that a version of the artifact lists. */
function fileOf(db: Db, names: readonly AliasName[], artifactId: number): AliasName | null {
  const found = names.find(
    ({ scheme, value }) =>
      db
        .select({ path: versionFiles.path })
        .from(versionFiles)
        .innerJoin(versions, eq(versions.id, versionFiles.versionId))
        .where(
          and(eq(versionFiles.digest, value), eq(versionFiles.algorithm, scheme), eq(versions.artifactId, artifactId)),
        )
        .limit(1)
        .get() !== undefined,
  );
  return found ? { scheme: found.scheme, value: found.value } : null;
}
