import { Graph, layout } from '@dagrejs/dagre';
import type { ChainEdge } from './chain.ts';
import type { ChainStack, ChainView } from './chain-view.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where a box stands; `x` and `y` are its upper left corner. Pixels. */
export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

export interface PlacedEdge {
  readonly edge: ChainEdge;
  /** From the input on the left to the thing made of it. */
  readonly points: readonly Point[];
  /** The middle of its label. */
  readonly label: Point;
}

export interface ChainLayout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly { readonly id: number; readonly box: Box }[];
  readonly edges: readonly PlacedEdge[];
  readonly stacks: readonly { readonly stack: ChainStack; readonly box: Box; readonly points: readonly Point[] }[];
}

export const NODE = { width: 208, height: 62 } as const;
export const STACK = { width: 190, height: 62 } as const;
export const EDGE_LABEL = { width: 104, height: 34 } as const;
const MARGIN = 6;
const RANK_GAP = 70;
/** Between a box and the label of the line that leaves it. */
const LABEL_GAP = 16;
/** Between the ends of two lines at one box. */
const ENTRY = 9;

/**
 * Lays a chain out from left to right: what a thing is made of stands left of it. Layers and crossings by dagre, which
 * uses no chance; the order of insertion is by id, so that the same view is the same picture every time.
 */
export function layOutChain(view: ChainView): ChainLayout {
  const { nodes, stacks } = view;
  const edges = view.edges.filter(({ childId, parentId }) => childId !== parentId).sort((a, b) => a.id - b.id);
  const graph = makeGraph(view, edges);
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  const boxes = new Map(graph.nodes().map((key) => [key, boxOf(graph.node(key))]));
  const boxAt = (key: string): Box => boxes.get(key) ?? { x: 0, y: 0, ...NODE };
  const entries = makeEntries(boxAt);
  const sorted = edges
    .map((edge) => ({ edge, placed: graph.edge(nodeKey(edge.parentId), nodeKey(edge.childId), String(edge.id)) }))
    .sort((a, b) => (a.placed.y ?? 0) - (b.placed.y ?? 0) || a.edge.id - b.edge.id);
  const counts = Map.groupBy(
    [...sorted.map(({ edge }) => edge.childId), ...stacks.map(({ childId }) => childId)],
    (childId) => childId,
  );
  const entryOf = (childId: number) => entries(childId, counts.get(childId)?.length ?? 1);
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    nodes: nodes.map(({ id }) => ({ id, box: boxAt(nodeKey(id)) })),
    edges: sorted.map(({ edge, placed }) =>
      placeEdge(edge, placed, exitOf(boxAt(nodeKey(edge.parentId))), entryOf(edge.childId)),
    ),
    stacks: stacks.map((stack) => ({
      stack,
      box: boxAt(stackKey(stack.childId)),
      points: [exitOf(boxAt(stackKey(stack.childId))), entryOf(stack.childId)],
    })),
  };
}

function makeGraph({ nodes, stacks }: ChainView, edges: readonly ChainEdge[]) {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: 14, edgesep: 10, ranksep: RANK_GAP, marginx: MARGIN, marginy: MARGIN });
  const into = Map.groupBy(edges, ({ childId }) => childId);
  for (const { id } of [...nodes].sort((a, b) => a.id - b.id)) {
    const height = Math.max(NODE.height, 14 + ENTRY * (into.get(id)?.length ?? 0));
    graph.setNode(nodeKey(id), { width: NODE.width, height });
  }
  for (const { childId } of stacks) graph.setNode(stackKey(childId), { ...STACK });
  for (const { id, childId, parentId } of edges) {
    graph.setEdge(nodeKey(parentId), nodeKey(childId), { ...EDGE_LABEL, labelpos: 'c' }, String(id));
  }
  for (const { childId } of stacks)
    graph.setEdge(stackKey(childId), nodeKey(childId), { width: 20, height: 8 }, 'stack');
  return graph;
}

/** Places on the left side of each box where lines end, one under the other in the order in which they are asked for. */
function makeEntries(boxAt: (key: string) => Box) {
  const used = new Map<number, number>();
  return (childId: number, count: number): Point => {
    const box = boxAt(nodeKey(childId));
    const place = used.get(childId) ?? 0;
    used.set(childId, place + 1);
    const step = Math.min(ENTRY, (box.height - 12) / Math.max(1, count));
    return { x: box.x, y: round(box.y + box.height / 2 + (place - (count - 1) / 2) * step) };
  };
}

function exitOf(box: Box): Point {
  return { x: round(box.x + box.width), y: round(box.y + box.height / 2) };
}

/** The line runs level under its label, which stands near the box that it leaves, so that the turns have room. */
function placeEdge(
  edge: ChainEdge,
  { x, y, points = [] }: { x?: number; y?: number; points?: readonly Point[] },
  exit: Point,
  entry: Point,
): PlacedEdge {
  // dagre's own first and last point stand on the boxes' borders, anywhere.
  const bends = points.slice(1, -1);
  const half = EDGE_LABEL.width / 2;
  const label = { x: bends.length === 1 ? round(exit.x + LABEL_GAP + half) : round(x), y: round(y) };
  const level = [
    { x: label.x - half, y: label.y },
    { x: label.x + half, y: label.y },
  ];
  const isUnderLabel = (bend: Point) => Math.abs(bend.x - (x ?? 0)) < 1;
  const through = bends.flatMap((bend) => (isUnderLabel(bend) ? level : [{ x: round(bend.x), y: round(bend.y) }]));
  return { edge, points: [exit, ...through, entry], label };
}

/** A line that leaves and enters each point level, so that it is smooth: SVG path data. */
export function curveThrough(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return '';
  let before = first;
  let path = `M${first.x} ${first.y}`;
  for (const point of rest) {
    const middle = round((before.x + point.x) / 2);
    path += `C${middle} ${before.y} ${middle} ${point.y} ${point.x} ${point.y}`;
    before = point;
  }
  return path;
}

function nodeKey(id: number): string {
  return `node ${id}`;
}

function stackKey(childId: number): string {
  return `stack ${childId}`;
}

/** dagre gives middles. */
function boxOf({ x = 0, y = 0, width, height }: { x?: number; y?: number; width: number; height: number }): Box {
  return { x: round(x - width / 2), y: round(y - height / 2), width, height };
}

function round(value: number | undefined): number {
  return Math.round((value ?? 0) * 10) / 10;
}
