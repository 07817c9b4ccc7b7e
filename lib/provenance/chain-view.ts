import type { Chain, ChainEdge, ChainNode } from './chain.ts';
import { weakestWay } from './chain-way.ts';
import { LINK_STATES, type LinkState, weakerOf } from './link-state.ts';

/** Inputs of one thing that are not drawn one by one. */
export interface ChainStack {
  /** The thing whose inputs they are. */
  readonly childId: number;
  readonly count: number;
  /** How many of them in each state of their link to the child, the worst first. */
  readonly states: readonly { readonly state: LinkState; readonly count: number }[];
  /** The weakest link of theirs, to the child or anywhere behind. */
  readonly weakest: LinkState;
}

/** What of a chain is drawn. */
export interface ChainView {
  readonly nodes: readonly ChainNode[];
  readonly edges: readonly ChainEdge[];
  readonly stacks: readonly ChainStack[];
  /** Things whose inputs somebody opened: they can be closed again. */
  readonly opened: ReadonlySet<number>;
  /** Edges of the way from the focus to its weakest link. */
  readonly way: ReadonlySet<number>;
  /** Whether so much was opened that some of it stays closed. */
  readonly isFull: boolean;
}

/** Chains of so few things are drawn whole. */
const WHOLE = 14;
/** So many inputs of the thing itself are shown one by one. */
const OWN = 10;
/** More than this nobody reads, and the table has them all. */
const MOST = 90;

/**
 * Chooses what to draw of a chain: the thing itself, the way to its weakest link, and the inputs of what was `opened`;
 * of everything else, how much there is. The same chain and choice give the same view.
 *
 * @param chain of `ancestors`; @param opened ids of things whose inputs are to be shown.
 */
export function viewChain(chain: Chain, opened: ReadonlySet<number>): ChainView {
  const byId = new Map(chain.nodes.map((node) => [node.id, node]));
  const inputs = edgesByChild(chain, byId);
  const way = weakestWay(chain);
  const shown = new Set([chain.focusId, ...way.flatMap(({ childId, parentId }) => [childId, parentId])]);
  const isWhole = chain.nodes.length <= WHOLE;
  const own = (inputs.get(chain.focusId) ?? []).map(({ parentId }) => parentId);
  if (new Set(own).size <= OWN) for (const id of own) shown.add(id);
  const isFull = isWhole ? openAll(chain, shown) : openChosen(chain, opened, inputs, shown);
  const nodes = chain.nodes.filter(({ id }) => shown.has(id));
  return {
    nodes,
    edges: chain.edges.filter(({ childId, parentId }) => shown.has(childId) && shown.has(parentId)),
    stacks: nodes.flatMap(({ id }) => stackOf(id, inputs.get(id) ?? [], byId, shown)),
    opened: isWhole ? new Set() : new Set([...opened].filter((id) => shown.has(id))),
    way: new Set(way.map(({ id }) => id)),
    isFull,
  };
}

function edgesByChild({ edges }: Chain, byId: ReadonlyMap<number, ChainNode>): Map<number, ChainEdge[]> {
  const inputs = new Map<number, ChainEdge[]>();
  for (const edge of edges) {
    if (!byId.has(edge.parentId)) continue;
    const known = inputs.get(edge.childId);
    if (known) known.push(edge);
    else inputs.set(edge.childId, [edge]);
  }
  return inputs;
}

function openAll({ nodes }: Chain, shown: Set<number>): boolean {
  for (const { id } of nodes) shown.add(id);
  return false;
}

/** Nearest first, so that what is opened behind something closed waits until that is opened too. */
function openChosen(
  { nodes }: Chain,
  opened: ReadonlySet<number>,
  inputs: ReadonlyMap<number, readonly ChainEdge[]>,
  shown: Set<number>,
): boolean {
  // A lone input is shown rather than counted, but not what lies behind it in turn.
  const alone = new Set<number>();
  for (const { id } of nodes) {
    if (!shown.has(id)) continue;
    const hidden = new Set(
      (inputs.get(id) ?? []).map(({ parentId }) => parentId).filter((parent) => !shown.has(parent)),
    );
    const isChosen = opened.has(id);
    if (!isChosen && (hidden.size !== 1 || alone.has(id))) continue;
    if (shown.size + hidden.size > MOST) {
      if (isChosen) return true;
      continue;
    }
    for (const parent of hidden) {
      shown.add(parent);
      if (!isChosen) alone.add(parent);
    }
  }
  return false;
}

function stackOf(
  childId: number,
  edges: readonly ChainEdge[],
  byId: ReadonlyMap<number, ChainNode>,
  shown: ReadonlySet<number>,
): ChainStack[] {
  const hidden = edges.filter(({ parentId }) => !shown.has(parentId));
  const [first] = hidden;
  if (!first) return [];
  const counts = new Map<LinkState, number>();
  let weakest: LinkState = first.state;
  for (const { state, parentId } of hidden) {
    counts.set(state, (counts.get(state) ?? 0) + 1);
    weakest = weakerOf(weakerOf(weakest, state), byId.get(parentId)?.weakest ?? null) ?? weakest;
  }
  const states = LINK_STATES.toReversed().flatMap((state) => {
    const count = counts.get(state);
    return count === undefined ? [] : [{ state, count }];
  });
  return [{ childId, count: new Set(hidden.map(({ parentId }) => parentId)).size, states, weakest }];
}
