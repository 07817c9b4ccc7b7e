import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { edgesOnLoops } from '#lib/provenance/loops.ts';
import { worstPath } from '#lib/provenance/worst-path.ts';
import { naiveLoops, naiveWeakest, STATES, TestGraph } from './mint-verdict-graph.ts';

const NODES = 9;
const node = fc.integer({ min: 1, max: NODES });
const link = fc.record({ child: node, parent: node, state: fc.constantFrom(...STATES) });
const change = fc.oneof(
  link.map((stated) => ({ kind: 'add' as const, ...stated })),
  fc.record({ kind: fc.constant('remove' as const), at: fc.nat() }),
  fc.record({ kind: fc.constant('judge' as const), at: fc.nat(), state: fc.constantFrom(...STATES) }),
  fc.record({ kind: fc.constant('merge' as const), at: fc.nat(), into: node }),
);

/** Applies changes, and settles after each run of `batch` of them. */
function apply(
  graph: TestGraph,
  changes: readonly (typeof change extends fc.Arbitrary<infer C> ? C : never)[],
  batch: number,
) {
  let touched: number[] = [];
  changes.forEach((step, i) => {
    const all = [...graph.links.values()];
    const chosen = 'at' in step ? all[step.at % Math.max(1, all.length)] : undefined;
    if (step.kind === 'add') touched.push(graph.add(step.child, step.parent, step.state).childId);
    else if (chosen) {
      touched.push(chosen.childId);
      graph.changedLinks.add(chosen.id);
      if (step.kind === 'remove') graph.links.delete(chosen.id);
      else if (step.kind === 'judge') chosen.state = step.state;
      else chosen.parentId = step.into;
    }
    if ((i + 1) % batch !== 0 && i + 1 !== changes.length) return;
    graph.settle(touched);
    touched = [];
  });
}

const all = Array.from({ length: NODES }, (_, i) => i + 1);

describe('verdicts', () => {
  it('are the weakest of all links upstream, on any graph, after any changes, settled one by one or together', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), fc.integer({ min: 1, max: 8 }), (changes, batch) => {
        const graph = new TestGraph();
        apply(graph, changes, batch);
        const links = [...graph.links.values()];
        for (const id of all) expect(graph.verdictOf(id).weakest).toBe(naiveWeakest(links, id));
      }),
      { numRuns: 3000 },
    );
  });

  it('lead to the link at fault, whatever happened before', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), fc.integer({ min: 1, max: 4 }), (changes, batch) => {
        const graph = new TestGraph();
        apply(graph, changes, batch);
        for (const id of all) {
          const { weakest } = graph.verdictOf(id);
          const path = worstPath(
            id,
            (of) => graph.verdictOf(of),
            (of) => graph.links.get(of) ?? null,
          );
          expect(path.at(-1)?.state ?? null).toBe(weakest);
          expect(path.map(({ childId }) => childId)).toEqual(
            [id, ...path.map(({ parentId }) => parentId)].slice(0, path.length),
          );
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('are the same incrementally and from nothing', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        const graph = new TestGraph();
        apply(graph, changes, 1);
        const again = new TestGraph();
        for (const [id, stored] of graph.links) again.links.set(id, stored);
        again.settle(all);
        for (const id of all) expect(again.verdictOf(id).weakest).toBe(graph.verdictOf(id).weakest);
      }),
    );
  });

  it('stop where nothing changes: a second break under a break is read no further down', () => {
    const graph = new TestGraph();
    for (let i = 2; i <= 1000; i++) graph.add(i, i - 1, 'verified');
    graph.add(2, 0, 'parent-unsigned');
    graph.settle(Array.from({ length: 1000 }, (_, i) => i + 1));
    expect(graph.verdictOf(1000).weakest).toBe('parent-unsigned');
    graph.read = 0;
    graph.add(3, 0, 'verified');
    graph.add(10, 0, 'parent-unsigned');
    expect(graph.settle([3, 10])).toEqual([]);
    expect(graph.read).toBeLessThan(10);
  });

  it('do not hold each other up on a loop whose reason is gone', () => {
    const graph = new TestGraph();
    graph.add(1, 2, 'verified');
    graph.add(2, 1, 'verified');
    const fault = graph.add(1, 3, 'conflict');
    graph.settle([1, 2]);
    expect(graph.verdictOf(2).weakest).toBe('conflict');
    graph.links.delete(fault.id);
    graph.settle([1]);
    expect([graph.verdictOf(1).weakest, graph.verdictOf(2).weakest]).toEqual(['verified', 'verified']);
  });
});

describe('links on loops', () => {
  it('are those with a way back, on any graph', () => {
    fc.assert(
      fc.property(fc.array(link, { maxLength: 30 }), (links) => {
        const stated = links.map(({ child, parent, state }, id) => ({ id, childId: child, parentId: parent, state }));
        const edges = stated.map(({ id, childId, parentId }) => ({ id, from: childId, to: parentId }));
        expect([...edgesOnLoops(edges)].sort()).toEqual([...naiveLoops(stated)].sort());
      }),
      { numRuns: 1000 },
    );
  });

  it('are found in a loop of a hundred thousand without a deep stack', () => {
    const size = 100_000;
    const edges = Array.from({ length: size }, (_, i) => ({ id: i, from: i, to: (i + 1) % size }));
    expect(edgesOnLoops(edges).size).toBe(size);
    expect(edgesOnLoops(edges.slice(1)).size).toBe(0);
  });
});
