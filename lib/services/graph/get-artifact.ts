import { asc, count, desc, eq, inArray } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { attestations, declarations, links } from '#db/schema/artifact.ts';
import { bundleSubjects, bundles } from '#db/schema/bundle.ts';
import { models, versions } from '#db/schema/model.ts';
import type { ChainEdge, ChainNode } from '#lib/provenance/chain.ts';
import type { ArtifactSignature } from '#lib/provenance/own-signature.ts';
import { type AliasRow, isAsserted, ownAliases, readAliasesOf } from './alias.ts';
import { readNodes } from './read-nodes.ts';
import { readSignatures } from './read-signatures.ts';
import { readEdges } from './read-statements.ts';

/** Rows of each list at the most; totals are given beside. */
const LIST_LIMIT = 500;

export interface ArtifactDetails {
  readonly node: ChainNode;
  readonly firstSeenAt: number;
  /** All names by which it is found. What documents merely say to be the same is left out. */
  readonly aliases: readonly Pick<AliasRow, 'scheme' | 'value' | 'kind' | 'firstSeenAt'>[];
  /** Edges to its inputs, and from what was made of it, with the artifacts at their other ends. */
  readonly inputs: readonly ChainEdge[];
  readonly uses: readonly ChainEdge[];
  /** Statements of uses in all; `uses` holds those of the first 500. */
  readonly useCount: number;
  readonly neighbours: readonly ChainNode[];
  readonly versions: readonly {
    readonly id: string;
    readonly root: string;
    readonly label: string | null;
    readonly slug: string;
    readonly name: string;
  }[];
  readonly declarations: readonly Pick<
    typeof declarations.$inferSelect,
    'id' | 'source' | 'path' | 'kind' | 'facts' | 'firstSeenAt'
  >[];
  readonly attestations: readonly {
    readonly bundleId: string;
    readonly eventId: string | null;
    readonly kind: string;
    readonly predicateType: string | null;
    readonly san: string | null;
    readonly issuer: string | null;
    readonly signedAt: number | null;
  }[];
  readonly signatures: readonly ArtifactSignature[];
}

/** All that is known of one artifact, and one step of its chain in both directions. Null where there is none. */
export async function getArtifact({ db }: OpenDatabase, artifactId: number): Promise<ArtifactDetails | null> {
  return db.transaction(() => {
    const [focus] = readNodes(db, new Map([[artifactId, 0]]));
    if (!focus) return null;
    const aliases = readAliasesOf(db, [artifactId]).get(artifactId) ?? [];
    const inputs = readEdges(db, { side: 'child', ids: [artifactId] }, () => true);
    const usedBy = db
      .selectDistinct({ id: links.childId })
      .from(links)
      .where(eq(links.parentId, artifactId))
      .orderBy(asc(links.childId))
      .limit(LIST_LIMIT)
      .all();
    const uses = readEdges(
      db,
      { side: 'child', ids: usedBy.map(({ id }) => id) },
      ({ parentId }) => parentId === artifactId,
    );
    const others = new Set([...inputs.map(({ parentId }) => parentId), ...uses.map(({ childId }) => childId)]);
    others.delete(artifactId);
    const useCount = db.select({ n: count() }).from(links).where(eq(links.parentId, artifactId)).get()?.n ?? 0;
    const signatures = readSignatures(db, [artifactId]).get(artifactId)?.signatures ?? [];
    return {
      node: focus,
      firstSeenAt: Math.min(...aliases.map(({ firstSeenAt }) => firstSeenAt)),
      aliases: aliases.some(isAsserted) ? aliases.filter(isAsserted) : aliases,
      inputs,
      uses,
      useCount,
      neighbours: readNodes(db, new Map([...others].map((id) => [id, 1]))),
      versions: selectVersions(db, artifactId),
      declarations: selectDeclarations(db, artifactId),
      attestations: selectAttestations(
        db,
        ownAliases(aliases).map(({ value }) => value),
      ),
      signatures,
    };
  });
}

function selectVersions(db: OpenDatabase['db'], artifactId: number) {
  return db
    .select({
      id: versions.id,
      root: versions.root,
      label: versions.label,
      slug: models.slug,
      name: models.name,
    })
    .from(versions)
    .innerJoin(models, eq(models.id, versions.modelId))
    .where(eq(versions.artifactId, artifactId))
    .orderBy(asc(versions.firstSeenAt), asc(versions.id))
    .limit(LIST_LIMIT)
    .all();
}

function selectDeclarations(db: OpenDatabase['db'], artifactId: number) {
  const { id, source, path, kind, facts, firstSeenAt } = declarations;
  return db
    .select({ id, source, path, kind, facts, firstSeenAt })
    .from(declarations)
    .where(eq(declarations.artifactId, artifactId))
    .orderBy(asc(source), asc(path))
    .limit(LIST_LIMIT)
    .all();
}

/** Verified statements about any of these digests, newest first. */
function selectAttestations(db: OpenDatabase['db'], digests: readonly string[]) {
  return db
    .selectDistinct({
      bundleId: bundles.id,
      eventId: bundles.eventId,
      kind: attestations.kind,
      predicateType: bundles.predicateType,
      san: bundles.san,
      issuer: bundles.issuer,
      signedAt: bundles.signedAt,
    })
    .from(bundleSubjects)
    .innerJoin(attestations, eq(attestations.bundleId, bundleSubjects.bundleId))
    .innerJoin(bundles, eq(bundles.id, bundleSubjects.bundleId))
    .where(inArray(bundleSubjects.digest, [...digests]))
    .orderBy(desc(bundles.signedAt), asc(bundles.id))
    .limit(LIST_LIMIT)
    .all();
}
