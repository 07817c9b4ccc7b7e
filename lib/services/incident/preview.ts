import type { OpenDatabase } from '#db/client.ts';
import type { ChainNode } from '#lib/provenance/chain.ts';
import type { PathStep, Scope, Tier } from '#lib/provenance/scope.ts';
import { readNodes } from '#lib/services/graph/read-nodes.ts';
import { findAffected } from './find-affected.ts';
import { readDeployments } from './list-artifacts.ts';

/** What a scope reaches now, as somebody who edits it looks at it. */
export interface Preview {
  readonly counts: {
    readonly tiers: Readonly<Record<Tier, number>>;
    readonly total: number;
    readonly deployed: number;
  };
  /** What runs somewhere first, then by tier, the surest first; as many as were asked for. */
  readonly artifacts: readonly PreviewedArtifact[];
}

export interface PreviewedArtifact {
  readonly artifactId: number;
  readonly tier: Tier;
  readonly path: readonly PathStep[];
  readonly node: ChainNode | null;
  readonly deployments: readonly { readonly environment: string; readonly service: string }[];
}

/** Works a scope out and keeps nothing of it. */
export async function previewScope(
  database: OpenDatabase,
  { scope, limit }: { readonly scope: Scope; readonly limit: number },
): Promise<Preview> {
  const { db } = database;
  return db.transaction(() => {
    const { affected, counts: tiers, deployed } = findAffected(database, scope);
    const shown = affected.slice(0, limit);
    const ids = shown.map(({ artifactId }) => artifactId);
    const nodes = new Map(readNodes(db, new Map(ids.map((id) => [id, 0]))).map((node) => [node.id, node]));
    const places = readDeployments(db, ids);
    return {
      counts: { tiers, total: affected.length, deployed },
      artifacts: shown.map(({ artifactId, tier, path }) => ({
        artifactId,
        tier,
        path,
        node: nodes.get(artifactId) ?? null,
        deployments: places.get(artifactId) ?? [],
      })),
    };
  });
}
