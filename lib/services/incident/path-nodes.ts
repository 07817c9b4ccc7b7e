import type { OpenDatabase } from '#db/client.ts';
import type { ChainNode } from '#lib/provenance/chain.ts';
import type { PathStep } from '#lib/provenance/scope.ts';
import { readNodes } from '#lib/services/graph/read-nodes.ts';

/** The artifacts that paths lead through, by id: what they are called, and where their pages are. */
export function readPathNodes(
  { db }: OpenDatabase,
  paths: Iterable<readonly PathStep[]>,
): ReadonlyMap<number, ChainNode> {
  const ids = new Map<number, number>();
  for (const path of paths) for (const { artifactId } of path) ids.set(artifactId, 0);
  return new Map(readNodes(db, ids).map((node) => [node.id, node]));
}
