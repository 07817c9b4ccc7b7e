import { and, eq, inArray } from 'drizzle-orm';
import { bundles } from '#db/schema/bundle.ts';
import { versionFiles, versions } from '#db/schema/model.ts';
import { elideMiddle, showText } from '#lib/provenance/untrusted-text.ts';
import { keyOf, ownAliases, readAliases, readAliasesOf } from '#lib/services/graph/alias.ts';
import { inBatches } from '#lib/services/graph/batch.ts';
import { schemesOf } from './find-seeds.ts';
import type { Graph } from './graph.ts';
import { labelOf } from './link-step.ts';
import { DECLARED, type Direct, PROVEN } from './reached.ts';

/** The artifact that a digest is of, and versions that list a file with it: proven where a verified signature covers the list. */
export function matchFiles(graph: Graph, digest: string): Direct[] {
  return [...knownBy(graph, digest), ...listing(graph, digest)];
}

function knownBy({ db, sqlite }: Graph, digest: string): Direct[] {
  const held = [
    ...readAliases(
      db,
      schemesOf(digest).map((scheme) => ({ scheme, value: digest })),
    ).values(),
  ];
  const aliases = readAliasesOf(
    db,
    held.map(({ artifactId }) => artifactId),
  );
  return held.flatMap((row): Direct[] => {
    const { artifactId } = row;
    if (!ownAliases(aliases.get(artifactId) ?? []).some((own) => keyOf(own) === keyOf(row))) return [];
    const because = `${labelOf(sqlite, artifactId)} is known by the digest that the scope names.`;
    const steps = () => [{ artifactId, linkId: null, state: null, proofs: [], because }];
    return [{ artifactId, rank: PROVEN, length: 1, steps }];
  });
}

function listing({ db, sqlite }: Graph, digest: string): Direct[] {
  const lists = db
    .selectDistinct({ versionId: versions.id, artifactId: versions.artifactId, path: versionFiles.path })
    .from(versionFiles)
    .innerJoin(versions, eq(versions.id, versionFiles.versionId))
    .where(and(eq(versionFiles.digest, digest), inArray(versionFiles.algorithm, [...schemesOf(digest)])))
    .all();
  const readSigning = inBatches<string, { versionId: string | null; id: string; state: string }>((ids) =>
    db
      .select({ versionId: bundles.versionId, id: bundles.id, state: bundles.state })
      .from(bundles)
      .where(inArray(bundles.versionId, ids))
      .prepare(),
  );
  const signed = new Map(
    readSigning(lists.map(({ versionId }) => versionId))
      .filter(({ state }) => state === 'verified')
      .map(({ versionId, id }) => [versionId ?? '', id]),
  );
  return lists.flatMap(({ versionId, artifactId, path }): Direct[] => {
    if (artifactId === null) return [];
    const proof = signed.get(versionId);
    const steps = () => {
      const how = proof === undefined ? 'in a list of files that nobody signed' : 'in its signed list of files';
      const because = `${labelOf(sqlite, artifactId)} has the file that the scope names ${how}, as ${elideMiddle(showText(path), 120)}.`;
      return [{ artifactId, linkId: null, state: null, proofs: proof === undefined ? [] : [proof], because }];
    };
    return [{ artifactId, rank: proof === undefined ? DECLARED : PROVEN, length: 1, steps }];
  });
}
