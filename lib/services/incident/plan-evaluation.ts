import { eq } from 'drizzle-orm';
import type { Db } from '#db/client.ts';
import { incidentArtifacts } from '#db/schema/incident.ts';
import type { Affected, Tier } from '#lib/provenance/scope.ts';

/** Up to so many artifacts the way to each is looked at again. */
const MOST_READ_ANEW = 2000;

export interface Moved {
  /** Artifacts that the scope reaches now and did not before. */
  readonly joined: readonly number[];
  /** Artifacts that it reaches no more. */
  readonly left: readonly number[];
  /** Artifacts in another tier than before: what merely could not be excluded is refused once it is proven. */
  readonly regraded: readonly number[];
}

/** What an incident's scope reaches, against what is stored of it. */
export interface Evaluation extends Moved {
  /** All that it reaches. */
  readonly tiers: ReadonlyMap<number, Tier>;
  /** Of these, what is not stored so yet: with the path as JSON. */
  readonly written: readonly { readonly artifactId: number; readonly tier: Tier; readonly path: string }[];
}

/** Compares what a scope reaches with what is stored of an incident. Only reads, and reads the ways that are to be stored. */
export function planEvaluation(db: Db, incidentId: string, affected: readonly Affected[]): Evaluation {
  const stored = new Map(
    db
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
  const regraded = [...reached.values()].filter(({ artifactId, tier }) => {
    const known = stored.get(artifactId);
    return known && known.leftAt === null && known.tier !== tier;
  });
  // Ways are read one by one: of very many, those that are stored stay as they were found.
  const isAnew = affected.length <= MOST_READ_ANEW;
  const written = [...reached.values()].flatMap((found) => {
    const { artifactId, tier } = found;
    const known = stored.get(artifactId);
    if (known && !isAnew && known.leftAt === null && known.tier === tier) return [];
    const path = JSON.stringify(found.path);
    if (known && known.leftAt === null && known.tier === tier && known.path === path) return [];
    return [{ artifactId, tier, path }];
  });
  return {
    joined: [...fresh, ...back],
    left: left.map(({ artifactId }) => artifactId),
    regraded: regraded.map(({ artifactId }) => artifactId),
    tiers: new Map(affected.map(({ artifactId, tier }) => [artifactId, tier])),
    written,
  };
}
