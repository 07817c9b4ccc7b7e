import { and, desc, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { Db } from '#db/client.ts';
import { artifactAliases } from '#db/schema/artifact.ts';
import { models, versionFiles, versions } from '#db/schema/model.ts';
import type { HashList } from '#lib/hash-list/hash-list.ts';
import type { ListRoots } from '#lib/hash-list/roots-of-list.ts';
import { isAsserted } from '#lib/services/graph/alias.ts';

/** Digests looked up, and versions taken of each: a licence text is in thousands. */
const DIGESTS = 2000;
const VERSIONS_A_DIGEST = 100;
const SAME_FILES = 50;
/** Versions that are compared file by file. */
const BEST = 20;

/** Versions that have exactly these files by their root or manifest id, and by which of the two. */
export function findByRoots(
  db: Db,
  roots: ListRoots,
): { foundBy: 'root' | 'manifest-id'; versionIds: string[] } | null {
  for (const [foundBy, values] of [
    ['manifest-id', [roots.manifestId]],
    ['root', [roots.python, roots.specification]],
  ] as const) {
    const holders = db
      .select()
      .from(artifactAliases)
      .where(and(eq(artifactAliases.scheme, 'sha256'), inArray(artifactAliases.value, [...values])))
      .all()
      .filter(isAsserted);
    const artifactIds = holders.map(({ artifactId }) => artifactId);
    const versionIds = [
      ...selectVersions(db, inArray(versions.artifactId, artifactIds)),
      ...(foundBy === 'root' ? selectVersions(db, inArray(versions.root, [...values])) : []),
    ];
    if (versionIds.length > 0) return { foundBy, versionIds: [...new Set(versionIds)] };
  }
  return null;
}

/**
 * The versions that share most files with the list. Bounded work: of a long list a sample is looked up, the largest files
 * among it, and rare files count more than those that many versions have.
 */
export function findByDigests(db: Db, list: HashList): string[] {
  const select = db
    .selectDistinct({ versionId: versionFiles.versionId })
    .from(versionFiles)
    .where(eq(versionFiles.digest, sql.placeholder('digest')))
    .limit(VERSIONS_A_DIGEST)
    .prepare();
  const scores = new Map<string, number>();
  for (const digest of sampleDigests(list)) {
    const holders = select.all({ digest });
    for (const { versionId } of holders) {
      scores.set(versionId, (scores.get(versionId) ?? 0) + 1 + 1 / holders.length);
    }
  }
  return [...scores]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, BEST)
    .map(([versionId]) => versionId);
}

/** The newest version of the model that the list names: a claim, good for a hint only. */
export function findByName(db: Db, name: string): string[] {
  const model =
    db.select().from(models).where(eq(models.name, name)).get() ??
    db.select().from(models).where(eq(models.slug, name)).get();
  return model ? selectVersions(db, eq(versions.modelId, model.id)).slice(0, 1) : [];
}

function sampleDigests({ files }: HashList): string[] {
  const bySize = [...files].sort((a, b) => (b.size ?? 0) - (a.size ?? 0));
  const largest = bySize.slice(0, DIGESTS / 2);
  const rest = bySize.slice(DIGESTS / 2);
  const step = Math.max(1, Math.ceil(rest.length / (DIGESTS / 2)));
  const chosen = [...largest, ...rest.filter((_, i) => i % step === 0)];
  // Of shards the first, the last and one between: a file of terabytes has thousands.
  const digests = chosen.flatMap(({ digests: of }) => [of[0], of[of.length >> 1], of.at(-1)]);
  return [...new Set(digests.flatMap((resource) => (resource ? [resource.digest] : [])))];
}

function selectVersions(db: Db, which: SQL): string[] {
  return db
    .select({ id: versions.id })
    .from(versions)
    .where(which)
    .orderBy(desc(versions.firstSeenAt), desc(versions.id))
    .limit(SAME_FILES)
    .all()
    .map(({ id }) => id);
}
