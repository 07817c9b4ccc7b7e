import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { artifacts } from '#db/schema/artifact.ts';
import { findings } from '#db/schema/finding.ts';
import { versions } from '#db/schema/model.ts';
import { brokenLinkOf, isBroken } from '#lib/provenance/findings.ts';
import { inBatches } from '#lib/services/graph/batch.ts';
import { findingId } from './finding-id.ts';
import { openFinding } from './open-finding.ts';
import { readWeakestReasons } from './read-weakest-reasons.ts';

/** Findings of broken chains alone, for versions downstream of what changed: there may be thousands of them. */
export function settleBrokenLinks(tx: Writer, artifactIds: readonly number[], now: number): void {
  const read = inBatches((ids) =>
    tx
      .select({
        versionId: versions.id,
        modelId: versions.modelId,
        root: versions.root,
        label: versions.label,
        artifactId: artifacts.id,
        weakest: artifacts.weakest,
      })
      .from(versions)
      .innerJoin(artifacts, eq(artifacts.id, versions.artifactId))
      .where(inArray(versions.artifactId, ids))
      .prepare(),
  );
  const rows = read(artifactIds);
  const reasons = readWeakestReasons(
    tx,
    rows.filter(({ weakest }) => isBroken(weakest)).map(({ artifactId }) => artifactId),
  );
  for (const { modelId, artifactId, ...version } of rows) {
    const [broken] = brokenLinkOf({ ...version, weakestReason: reasons.get(artifactId) ?? null });
    if (broken) openFinding(tx, modelId, broken, now);
    else {
      const id = findingId(modelId, { kind: 'broken-link', versionId: version.versionId, key: '' });
      tx.update(findings)
        .set({ resolvedAt: now })
        .where(and(eq(findings.id, id), isNull(findings.resolvedAt)))
        .run();
    }
  }
}
