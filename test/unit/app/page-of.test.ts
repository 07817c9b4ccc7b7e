import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PAGE_ROWS, pageOf } from '../../../app/_server/page-of.ts';

const items = Array.from({ length: 120 }, (_, i) => ({ name: `rule ${i}`, says: i % 2 === 0 ? 'Even@example' : null }));
const by = {
  words: ({ name, says }: (typeof items)[number]) => [name, says],
  key: ({ name }: (typeof items)[number]) => name,
};
const none = { q: null, page: null };

describe('a page of a list', () => {
  it('has each item on one page, in their order', () => {
    const pages = [1, 2, 3].map((page) => pageOf(items, { q: null, page }, by));
    expect(pages.flatMap(({ shown }) => shown)).toEqual(items);
    expect(pages.map(({ pages }) => pages)).toEqual([3, 3, 3]);
  });

  it('finds a part of what an item says, whatever the case, and counts what it found', () => {
    const list = pageOf(items, { q: ' even@EXAMPLE ', page: 2 }, by);
    expect(list).toMatchObject({ page: 2, pages: 2, found: 60, all: 120 });
    expect(list.shown).toHaveLength(10);
    expect(pageOf(items, { q: 'rule 119', page: 9 }, by).shown).toEqual([items[119]]);
    expect(pageOf(items, { q: 'nothing', page: 1 }, by)).toMatchObject({ shown: [], page: 1, pages: 1, found: 0 });
  });

  it('is the one that an item is on, and the first where there is no such item', () => {
    expect(pageOf(items, { ...none, at: 'rule 77' }, by)).toMatchObject({ page: 2 });
    expect(pageOf(items, { ...none, at: 'rule 777' }, by)).toMatchObject({ page: 1 });
  });

  it('is a page of the list, whatever an address asks for', () => {
    fc.assert(
      fc.property(fc.option(fc.string()), fc.option(fc.integer()), fc.option(fc.string()), (q, page, at) => {
        const list = pageOf(items, { q, page, at }, by);
        expect(list.page).toBeGreaterThanOrEqual(1);
        expect(list.page).toBeLessThanOrEqual(list.pages);
        expect(list.shown.length).toBe(Math.min(PAGE_ROWS, list.found - (list.page - 1) * PAGE_ROWS));
      }),
    );
  });
});
