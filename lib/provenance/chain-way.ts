import type { Chain, ChainEdge } from './chain.ts';
import type { LinkState } from './link-state.ts';

/**
 * The links from the focus of an ancestors chain to its weakest link, in that order; empty where no link is known.
 * Follows what each thing says of its own weakest link, as far as the chain reaches.
 */
export function weakestWay({ focusId, nodes, edges }: Chain): ChainEdge[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const byLink = new Map(edges.flatMap((edge) => edge.statements.map(({ linkId }) => [linkId, edge] as const)));
  const inputs = Map.groupBy(edges, ({ childId }) => childId);
  const way: ChainEdge[] = [];
  const seen = new Set<number>();
  for (let node = byId.get(focusId); node && !seen.has(node.id); ) {
    seen.add(node.id);
    const { id, weakest, weakestLinkId } = node;
    if (weakest === null) break;
    const named = weakestLinkId === null ? undefined : byLink.get(weakestLinkId);
    const edge: ChainEdge | undefined =
      named?.childId === id ? named : weakestInput(inputs.get(id) ?? [], weakest, byId);
    if (!edge) break;
    way.push(edge);
    if (edge.state === weakest) break;
    node = byId.get(edge.parentId);
  }
  return way;
}

/** Why the weakest link is as weak as it is; null where the chain does not reach it, or there is none. */
export function weakestReason(chain: Chain): string | null {
  const weakest = chain.nodes.find(({ id }) => id === chain.focusId)?.weakest;
  const last = weakestWay(chain).at(-1);
  return last !== undefined && last.state === weakest ? last.reason : null;
}

/** Where no link is named: its own link of that state, else the first input behind which there is one. */
function weakestInput(
  own: readonly ChainEdge[],
  weakest: LinkState,
  byId: ReadonlyMap<number, { readonly weakest: LinkState | null }>,
): ChainEdge | undefined {
  return (
    own.find(({ state }) => state === weakest) ?? own.find(({ parentId }) => byId.get(parentId)?.weakest === weakest)
  );
}
