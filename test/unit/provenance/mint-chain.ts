import fc from 'fast-check';
import type { Chain, ChainEdge, ChainNode } from '#lib/provenance/chain.ts';
import { LINK_STATES, type LinkState, weakerOf } from '#lib/provenance/link-state.ts';

/** Child, parent and state of a link. */
export type MintedLink = readonly [childId: number, parentId: number, state?: LinkState];

/** The chain above thing 1 that these links make; verdicts are worked out the slow way. */
export function mintChain(links: readonly MintedLink[]): Chain {
  const ids = [...new Set([1, ...links.map(([child]) => child), ...links.map(([, parent]) => parent)])];
  const distances = distancesFrom(1, links);
  const edges = links.map(([childId, parentId, state = 'verified'], i) => mintEdge(i + 1, childId, parentId, state));
  const nodes = ids
    .filter((id) => distances.has(id))
    .map((id) => mintNode(id, distances.get(id) ?? 0, edges))
    .sort((a, b) => a.distance - b.distance || a.id - b.id);
  const known = edges.filter(({ childId, parentId }) => distances.has(childId) && distances.has(parentId));
  const links_ = Object.fromEntries(LINK_STATES.map((state) => [state, known.filter((e) => e.state === state).length]));
  const summary = { links: links_ as Record<LinkState, number>, pinned: known.length, total: known.length };
  return { focusId: 1, direction: 'ancestors', nodes, edges: known, omitted: 0, summary };
}

function distancesFrom(start: number, links: readonly MintedLink[]): Map<number, number> {
  const distances = new Map([[start, 0]]);
  for (const [id, distance] of distances) {
    for (const [child, parent] of links)
      if (child === id && !distances.has(parent)) distances.set(parent, distance + 1);
  }
  return distances;
}

function mintEdge(id: number, childId: number, parentId: number, state: LinkState): ChainEdge {
  const said = { name: null, uri: null, digests: [], at: 'predicate', bundleId: 'bdl_1', eventId: null, signer: null };
  const statement = { linkId: id, state, reason: `Link ${id}.`, ...said, declaration: null };
  return { id, childId, parentId, role: 'dataset', state, reason: `Link ${id}.`, statements: [statement] };
}

function mintNode(id: number, distance: number, edges: readonly ChainEdge[]): ChainNode {
  let weakest: LinkState | null = null;
  const upstream = distancesFrom(
    id,
    edges.map(({ childId, parentId }) => [childId, parentId]),
  );
  for (const edge of edges) if (upstream.has(edge.childId)) weakest = weakerOf(weakest, edge.state);
  const own = edges.filter(({ childId }) => childId === id);
  return {
    id,
    kind: 'model',
    name: `thing ${id}`,
    scheme: 'sha256',
    value: String(id),
    model: null,
    signature: 'verified',
    signatureReason: 'Signed.',
    signer: null,
    signedAt: null,
    weakest,
    weakestLinkId: null,
    inputs: own.length,
    pinnedInputs: own.length,
    verdictSince: 0,
    distance,
  };
}

/** Chains of any shape, with diamonds and loops. */
export const anyChain: fc.Arbitrary<Chain> = fc
  .uniqueArray(
    fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), fc.constantFrom(...LINK_STATES)),
    {
      maxLength: 90,
      selector: ([child, parent]) => `${child} ${parent}`,
    },
  )
  .map((links) => mintChain(links));
