import { and, eq, inArray, ne } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { artifactAliases, links } from '#db/schema/artifact.ts';
import { versionFiles, versions } from '#db/schema/model.ts';
import { type AliasRow, isAsserted, keyOf, readAliasesOf } from './alias.ts';
import { inBatches } from './batch.ts';
import { mergeArtifacts, moveLinksStating } from './merge-artifacts.ts';
import { artifactContaining, putAlias } from './resolve.ts';

/**
 * Gives links that name a file by its digest to the version that lists the file, where versions of these artifacts do so
 * and came after the links.
 */
export function claimFiles(tx: Writer, artifactIds: readonly number[], now: number): void {
  const read = inBatches<number, AliasRow>((ids) =>
    tx
      .selectDistinct({
        scheme: artifactAliases.scheme,
        value: artifactAliases.value,
        kind: artifactAliases.kind,
        artifactId: artifactAliases.artifactId,
        firstSeenAt: artifactAliases.firstSeenAt,
      })
      .from(versions)
      .innerJoin(versionFiles, eq(versionFiles.versionId, versions.id))
      .innerJoin(
        artifactAliases,
        and(eq(artifactAliases.scheme, versionFiles.algorithm), eq(artifactAliases.value, versionFiles.digest)),
      )
      .where(
        and(
          inArray(versions.artifactId, ids),
          eq(artifactAliases.kind, 'stated'),
          ne(artifactAliases.artifactId, versions.artifactId),
        ),
      )
      .prepare(),
  );
  const claimed = new Map(read(artifactIds).map((row) => [keyOf(row), row]));
  for (const row of claimed.values()) {
    const container = artifactContaining(tx, row);
    if (container !== null && container !== row.artifactId) claim(tx, row, container, now);
  }
}

function claim(tx: Writer, row: AliasRow, container: number, now: number): void {
  const holder = row.artifactId;
  const aliases = readAliasesOf(tx, [holder]).get(holder) ?? [];
  // Merged away meanwhile, by another file of the same version.
  if (!aliases.some((alias) => keyOf(alias) === keyOf(row))) return;
  if (aliases.some(isAsserted)) {
    moveLinksStating(tx, row, holder, container);
    putAlias(tx, row, container, now);
    return;
  }
  const isSubject = tx.select({ id: links.id }).from(links).where(eq(links.childId, holder)).limit(1).get();
  if (isSubject) moveLinksStating(tx, row, holder, container);
  else mergeArtifacts(tx, container, holder);
}
