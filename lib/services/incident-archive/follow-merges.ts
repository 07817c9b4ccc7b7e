import { inArray } from 'drizzle-orm';
import type { Db } from '#db/client.ts';
import { artifacts, links } from '#db/schema/artifact.ts';
import { inBatches } from '#lib/services/graph/batch.ts';
import type { LinkRow } from '#lib/services/graph/stored-link.ts';
import type { StoredAffected } from './read-affected.ts';

/**
 * Paths by what their steps are now. Two things may turn out to be one, of which one is known from then on: a step of the
 * other goes by the link that led to it or on from it, which was moved with it; the last by the list itself.
 */
export function followMerges(db: Db, affected: readonly StoredAffected[]): StoredAffected[] {
  const steps = affected.flatMap(({ path }) => path);
  const readIds = inBatches<number, { id: number }>((keys) =>
    db.select({ id: artifacts.id }).from(artifacts).where(inArray(artifacts.id, keys)).prepare(),
  );
  const known = new Set(readIds([...new Set(steps.map(({ artifactId }) => artifactId))]).map(({ id }) => id));
  if (steps.every(({ artifactId }) => known.has(artifactId))) return [...affected];
  const readLinks = inBatches<number, LinkRow>((keys) =>
    db.select().from(links).where(inArray(links.id, keys)).prepare(),
  );
  const rows = new Map(readLinks(steps.flatMap(({ linkId }) => linkId ?? [])).map((row) => [row.id, row]));
  return affected.map((one) => {
    const linkOf = (step: StoredAffected['path'][number] | undefined) => {
      const row = rows.get(step?.linkId ?? 0);
      return row && step?.proofs.includes(row.bundleId ?? `declaration ${row.declarationId}`) ? row : undefined;
    };
    const path = one.path.map((step, i) => {
      if (known.has(step.artifactId)) return step;
      const isLast = i === one.path.length - 1;
      const now = isLast ? one.artifactId : (linkOf(step)?.childId ?? linkOf(one.path[i + 1])?.parentId);
      return now === undefined ? step : { ...step, artifactId: now };
    });
    return { ...one, path };
  });
}
