import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import type { Db, Writer } from '#db/client.ts';
import { bundles } from '#db/schema/bundle.ts';
import { retractions } from '#db/schema/incident.ts';
import type { UseNotice } from '#lib/provenance/use-notice.ts';
import { noticesOf } from './notices-of.ts';

/** Artifacts in one query: SQLite takes 32,766 parameters. */
const KEYS = 1000;

/** By artifact, all that stands against using it: incidents, the newest first, then retractions that count. */
export function allNoticesOf(db: Db | Writer, artifactIds: readonly number[]): Map<number, UseNotice[]> {
  const ids = [...new Set(artifactIds)];
  const found = new Map<number, UseNotice[]>();
  const add = (id: number, notice: UseNotice) => found.set(id, [...(found.get(id) ?? []), notice]);
  for (let from = 0; from < ids.length; from += KEYS) {
    const keys = ids.slice(from, from + KEYS);
    for (const { artifactId, publicAt: _, title: __, ...notice } of noticesOf(db, keys)) {
      add(artifactId, { kind: 'incident', ...notice });
    }
    for (const { artifactId, ...notice } of readRetractions(db, keys)) {
      add(artifactId, { kind: 'retraction', refuses: true, ...notice });
    }
  }
  return found;
}

function readRetractions(db: Db | Writer, artifactIds: readonly number[]) {
  const since = sql<number>`coalesce(${bundles.signedAt}, ${retractions.firstSeenAt})`;
  return db
    .select({
      artifactId: retractions.artifactId,
      bundleId: retractions.bundleId,
      reason: retractions.reason,
      replacement: retractions.replacement,
      since,
    })
    .from(retractions)
    .innerJoin(bundles, eq(bundles.id, retractions.bundleId))
    .where(and(inArray(retractions.artifactId, [...artifactIds]), eq(retractions.counts, true)))
    .orderBy(desc(since), desc(retractions.bundleId))
    .all();
}
