import { asc, eq, inArray } from 'drizzle-orm';
import type { Db, Writer } from '#db/client.ts';
import { artifacts } from '#db/schema/artifact.ts';
import { models, versions } from '#db/schema/model.ts';
import { ownAliases, readAliasesOf } from '#lib/services/graph/alias.ts';
import { inBatches } from '#lib/services/graph/batch.ts';

/** What artifacts are called, for alerts and the audit trail: model and version, else their own name. Names are claims. */
export function nameArtifacts(db: Db | Writer, ids: readonly number[]): Map<number, string> {
  const readNames = inBatches<number, { id: number; name: string | null }>((keys) =>
    db.select({ id: artifacts.id, name: artifacts.name }).from(artifacts).where(inArray(artifacts.id, keys)).prepare(),
  );
  const readVersions = inBatches((keys) =>
    db
      .select({ id: versions.artifactId, name: models.name, label: versions.label, root: versions.root })
      .from(versions)
      .innerJoin(models, eq(models.id, versions.modelId))
      .where(inArray(versions.artifactId, keys))
      .orderBy(asc(versions.firstSeenAt), asc(versions.id))
      .prepare(),
  );
  const names = new Map(readNames(ids).map(({ id, name }) => [id, name ?? `artifact ${id}`]));
  const seen = new Set<number>();
  for (const { id, name, label, root } of readVersions(ids)) {
    if (id === null || seen.has(id)) continue;
    seen.add(id);
    names.set(id, `${name} ${label ?? root.slice(0, 12)}`);
  }
  return names;
}

/** The path of an artifact's page, by one of the names that it is known by. */
export function pageOfArtifact(db: Db | Writer, id: number): string {
  const [name] = ownAliases(readAliasesOf(db, [id]).get(id) ?? []);
  return name ? `/artifacts/${encodeURIComponent(name.scheme)}/${encodeURIComponent(name.value)}` : '/models';
}
