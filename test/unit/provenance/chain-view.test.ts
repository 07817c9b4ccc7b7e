import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { viewChain } from '#lib/provenance/chain-view.ts';
import { weakestReason, weakestWay } from '#lib/provenance/chain-way.ts';
import { anyChain, type MintedLink, mintChain } from './mint-chain.ts';

const NOTHING: ReadonlySet<number> = new Set();

describe('the way to the weakest link', () => {
  it('leads from the thing to the link that is worst, however good its own links are', () => {
    const chain = mintChain([
      [1, 2],
      [1, 3],
      [3, 4],
      [4, 5, 'parent-unsigned'],
    ]);
    expect(weakestWay(chain).map(({ childId, parentId }) => [childId, parentId])).toEqual([
      [1, 3],
      [3, 4],
      [4, 5],
    ]);
    expect(weakestReason(chain)).toBe('Link 4.');
  });

  it('is connected, ends at a link of the state of the verdict, and ends at all where links go round', () => {
    fc.assert(
      fc.property(anyChain, (chain) => {
        const way = weakestWay(chain);
        const weakest = chain.nodes[0]?.weakest ?? null;
        expect(way.length === 0).toBe(weakest === null);
        for (const [i, { childId }] of way.entries()) expect(childId).toBe(way[i - 1]?.parentId ?? chain.focusId);
        // Nothing is passed twice; a walk that comes back to where it was stops there.
        expect(new Set(way.map(({ childId }) => childId)).size).toBe(way.length);
        const isRound = way.some(({ childId }) => childId === way.at(-1)?.parentId);
        if (!isRound) expect(way.at(-1)?.state ?? null).toBe(weakest);
      }),
    );
  });
});

describe('what is drawn of a chain', () => {
  const wide: MintedLink[] = [
    [1, 2],
    [2, 3],
    [3, 4, 'conflict'],
    ...Array.from({ length: 30 }, (_, i): MintedLink => [2, 100 + i, i < 3 ? 'declared' : 'verified']),
  ];

  it('is the thing, the way to its weakest link, and counts of all else', () => {
    const view = viewChain(mintChain(wide), NOTHING);
    expect(view.nodes.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
    expect(view.way.size).toBe(3);
    expect(view.stacks).toEqual([
      {
        childId: 2,
        count: 30,
        states: [
          { state: 'declared', count: 3 },
          { state: 'verified', count: 27 },
        ],
        weakest: 'declared',
      },
    ]);
  });

  it('is more of it where inputs are opened, and says what can be closed again', () => {
    const view = viewChain(mintChain(wide), new Set([2, 999]));
    expect(view.nodes).toHaveLength(34);
    expect(view.stacks).toEqual([]);
    expect([...view.opened]).toEqual([2]);
  });

  it('stays readable when somebody opens a thing with thousands of inputs', () => {
    const many = Array.from({ length: 3000 }, (_, i): MintedLink => [1, 2 + i]);
    const view = viewChain(mintChain(many), new Set([1]));
    expect(view.isFull).toBe(true);
    expect(view.nodes.length).toBeLessThan(20);
    expect(view.stacks[0]?.count).toBeGreaterThan(2900);
  });

  it('draws or counts every input of what it draws, and nothing that hangs in the air', () => {
    fc.assert(
      fc.property(anyChain, fc.uniqueArray(fc.integer({ min: 1, max: 40 })), (chain, opened) => {
        const view = viewChain(chain, new Set(opened));
        const shown = new Set(view.nodes.map(({ id }) => id));
        expect(shown.has(chain.focusId)).toBe(true);
        for (const id of shown) {
          const inputs = new Set(chain.edges.filter(({ childId }) => childId === id).map(({ parentId }) => parentId));
          const hidden = [...inputs].filter((parent) => !shown.has(parent)).length;
          expect(view.stacks.find(({ childId }) => childId === id)?.count ?? 0).toBe(hidden);
        }
        for (const { childId, parentId } of view.edges) expect(shown.has(childId) && shown.has(parentId)).toBe(true);
        for (const id of view.way) expect(view.edges.some((edge) => edge.id === id)).toBe(true);
      }),
    );
  });
});
