import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { incidentArtifacts } from '#db/schema/incident.ts';
import type { Affected } from '#lib/provenance/scope.ts';

/** Up to so many artifacts the way to each is looked at again. */
const MOST_READ_ANEW = 2000;
/** Rows in one statement: SQLite takes 32,766 parameters. */
const ROWS = 1000;

export interface Moved {
  /** Artifacts that the scope reaches now and did not before. */
  readonly joined: readonly number[];
  /** Artifacts that it reaches no more. */
  readonly left: readonly number[];
  /** Artifacts in another tier than before: what merely could not be excluded is refused once it is proven. */
  readonly regraded: readonly number[];
}

/**
 * Stores what an incident's scope reaches. Decisions stay, and so does when something first came in; what is as before is not
 * written.
 *
 * @param input.isJoin whether what is new came by itself, rather than by somebody's edit.
 */
export function recordEvaluation(
  tx: Writer,
  incidentId: string,
  { affected, at, isJoin }: { readonly affected: readonly Affected[]; readonly at: number; readonly isJoin: boolean },
): Moved {
  const stored = new Map(
    tx
      .select({
        artifactId: incidentArtifacts.artifactId,
        tier: incidentArtifacts.tier,
        path: incidentArtifacts.path,
        leftAt: incidentArtifacts.leftAt,
      })
      .from(incidentArtifacts)
      .where(eq(incidentArtifacts.incidentId, incidentId))
      .all()
      .map((row) => [row.artifactId, row]),
  );
  const reached = new Map(affected.map((found) => [found.artifactId, found]));
  const fresh = [...reached.keys()].filter((id) => !stored.has(id));
  const back = [...reached.keys()].filter((id) => stored.get(id)?.leftAt != null);
  const left = [...stored.values()].filter((row) => row.leftAt === null && !reached.has(row.artifactId));
  const regraded = [...reached.values()].flatMap(({ artifactId, tier }) => {
    const known = stored.get(artifactId);
    return known && known.leftAt === null && known.tier !== tier ? [artifactId] : [];
  });
  // Ways are read one by one: of very many, those that are stored stay as they were found.
  const isAnew = affected.length <= MOST_READ_ANEW;
  const written = [...reached.values()].flatMap((found) => {
    const { artifactId, tier } = found;
    const known = stored.get(artifactId);
    if (known && !isAnew && known.leftAt === null && known.tier === tier) return [];
    const text = JSON.stringify(found.path);
    if (known && known.leftAt === null && known.tier === tier && known.path === text) return [];
    return [{ incidentId, artifactId, tier, path: text, addedAt: at, leftAt: null, joined: isJoin }];
  });
  for (let from = 0; from < written.length; from += ROWS) {
    tx.insert(incidentArtifacts)
      .values(written.slice(from, from + ROWS))
      .onConflictDoUpdate({
        target: [incidentArtifacts.incidentId, incidentArtifacts.artifactId],
        set: { tier: sql`excluded.tier`, path: sql`excluded.path`, leftAt: null },
      })
      .run();
  }
  for (let from = 0; from < left.length; from += ROWS) {
    const ids = left.slice(from, from + ROWS).map(({ artifactId }) => artifactId);
    tx.update(incidentArtifacts)
      .set({ leftAt: at })
      .where(and(eq(incidentArtifacts.incidentId, incidentId), inArray(incidentArtifacts.artifactId, ids)))
      .run();
  }
  return { joined: [...fresh, ...back], left: left.map(({ artifactId }) => artifactId), regraded };
}
