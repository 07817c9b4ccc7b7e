import { eq, inArray } from 'drizzle-orm';
import type { Db, Writer } from '#db/client.ts';
import { artifacts } from '#db/schema/artifact.ts';
import type { deployments } from '#db/schema/deployment.ts';
import { models, versions } from '#db/schema/model.ts';
import { groupBy, inBatches } from '#lib/services/graph/batch.ts';
import { judgeRunning, type RunVerdict } from './judge.ts';

export interface DeployedVersion {
  readonly id: string;
  readonly model: { readonly id: string; readonly name: string; readonly slug: string };
  readonly label: string | null;
  /** OMS root, lowercase hex. */
  readonly root: string;
}

/** Something that runs or ran, with what is known of it now. Times in milliseconds since the epoch. */
export interface Deployment {
  readonly id: string;
  readonly environment: string;
  readonly service: string;
  readonly artifactId: number;
  /** What statements call it; null where nothing does. */
  readonly name: string | null;
  /** As which versions it is known; empty for a digest that nobody has shown the files of. */
  readonly versions: readonly DeployedVersion[];
  /** What was said to run, as it was given: `sha256:…`, `model NAME version LABEL`. */
  readonly given: string;
  readonly source: string;
  readonly startedAt: number;
  readonly confirmedAt: number;
  readonly endedAt: number | null;
  readonly verdict: RunVerdict;
}

/** Rows of deployments with what is known of their artifacts. */
export function describeDeployments(db: Db | Writer, rows: readonly (typeof deployments.$inferSelect)[]): Deployment[] {
  const ids = [...new Set(rows.map(({ artifactId }) => artifactId))];
  const verdicts = judgeRunning(db, ids);
  const readNames = inBatches<number, { id: number; name: string | null }>((keys) =>
    db.select({ id: artifacts.id, name: artifacts.name }).from(artifacts).where(inArray(artifacts.id, keys)).prepare(),
  );
  const names = new Map(readNames(ids).map(({ id, name }) => [id, name]));
  const readVersions = inBatches<number, DeployedVersion & { artifactId: number | null }>((keys) =>
    db
      .select({
        artifactId: versions.artifactId,
        id: versions.id,
        model: { id: models.id, name: models.name, slug: models.slug },
        label: versions.label,
        root: versions.root,
      })
      .from(versions)
      .innerJoin(models, eq(models.id, versions.modelId))
      .where(inArray(versions.artifactId, keys))
      .orderBy(models.name, versions.id)
      .prepare(),
  );
  const known = groupBy(readVersions(ids), ({ artifactId }) => artifactId);
  return rows.flatMap((row) => {
    const verdict = verdicts.get(row.artifactId);
    if (!verdict) return [];
    const as = (known.get(row.artifactId) ?? []).map(({ artifactId: _, ...version }) => version);
    return [{ ...row, name: names.get(row.artifactId) ?? null, versions: as, verdict }];
  });
}
