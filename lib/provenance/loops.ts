/** A directed edge with an id of its own. */
export interface LoopEdge {
  readonly id: number;
  readonly from: number;
  readonly to: number;
}

/**
 * The edges that lie on loops: both ends in one strongly connected component (Tarjan 1972, without recursion), or in one
 * node. Linear in the edges.
 *
 * @returns ids of those edges.
 */
export function edgesOnLoops(edges: readonly LoopEdge[]): Set<number> {
  const out = new Map<number, number[]>();
  for (const { from, to } of edges) {
    const list = out.get(from);
    if (list) list.push(to);
    else out.set(from, [to]);
  }
  const component = components(out);
  return new Set(edges.filter(({ from, to }) => component.get(from) === component.get(to)).map(({ id }) => id));
}

/** Node to the number of its component; nodes without edges outwards are found from those that lead to them. */
function components(out: ReadonlyMap<number, readonly number[]>): Map<number, number> {
  const order = new Map<number, number>();
  const low = new Map<number, number>();
  const component = new Map<number, number>();
  const stack: number[] = [];
  const lower = (node: number, to: number) => low.set(node, Math.min(low.get(node) ?? to, to));
  const enter = (node: number) => {
    low.set(node, order.size);
    order.set(node, order.size);
    stack.push(node);
    return { node, next: 0 };
  };
  for (const start of out.keys()) {
    if (order.has(start)) continue;
    const path = [enter(start)];
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const to = out.get(top.node)?.[top.next++];
      if (to === undefined) {
        path.pop();
        const reach = low.get(top.node) ?? 0;
        const caller = path.at(-1);
        if (caller) lower(caller.node, reach);
        if (reach === order.get(top.node)) close(stack, component, top.node, reach);
      } else if (!order.has(to)) path.push(enter(to));
      else if (!component.has(to)) lower(top.node, order.get(to) ?? 0);
    }
  }
  return component;
}

function close(stack: number[], component: Map<number, number>, root: number, number: number): void {
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    component.set(node, number);
    if (node === root) return;
  }
}
