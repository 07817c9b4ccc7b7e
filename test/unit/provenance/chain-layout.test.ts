import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { curveThrough, layOutChain } from '#lib/provenance/chain-layout.ts';
import { viewChain } from '#lib/provenance/chain-view.ts';
import { anyChain, mintChain } from './mint-chain.ts';

describe('the picture of a chain', () => {
  it('has inputs left of what was made from them', () => {
    const { nodes } = layOutChain(
      viewChain(
        mintChain([
          [1, 2],
          [2, 3],
          [1, 3],
        ]),
        new Set(),
      ),
    );
    const left = new Map(nodes.map(({ id, box }) => [id, box.x]));
    expect(left.get(3)).toBeLessThan(left.get(2) ?? 0);
    expect(left.get(2)).toBeLessThan(left.get(1) ?? 0);
  });

  it('is the same for the same chain, in whatever order it is given', () => {
    fc.assert(
      fc.property(anyChain, (chain) => {
        const view = viewChain(chain, new Set());
        const turned = { ...view, nodes: view.nodes.toReversed(), edges: view.edges.toReversed() };
        const byId = <T extends { readonly id: number }>(all: readonly T[]) => [...all].sort((a, b) => a.id - b.id);
        const a = layOutChain(view);
        const b = layOutChain(turned);
        expect(byId(b.nodes)).toEqual(byId(a.nodes));
        expect(b.edges).toEqual(a.edges);
      }),
      { numRuns: 40 },
    );
  });

  it('lets no two boxes touch and keeps every box and label inside, loops or not', () => {
    fc.assert(
      fc.property(anyChain, (chain) => {
        const { nodes, stacks, edges, width, height } = layOutChain(viewChain(chain, new Set()));
        const boxes = [...nodes.map(({ box }) => box), ...stacks.map(({ box }) => box)];
        boxes.forEach((a, i) => {
          expect(a.x >= 0 && a.y >= 0 && a.x + a.width <= width && a.y + a.height <= height).toBe(true);
          for (const b of boxes.slice(i + 1)) {
            const isApart =
              a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
            expect(isApart).toBe(true);
          }
        });
        for (const { points, label } of edges) {
          expect(label.x > 0 && label.x < width && label.y > 0 && label.y < height).toBe(true);
          expect(curveThrough(points)).not.toMatch(/NaN|undefined|Infinity/);
        }
      }),
      { numRuns: 60 },
    );
  });
});
