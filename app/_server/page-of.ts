/** Rows that a page of a list has. */
export const PAGE_ROWS = 50;

export interface ListQuery {
  /** Part of what an item says; null for all of them. */
  readonly q: string | null;
  /** From 1 on; what is none is the first, what is past the end the last. */
  readonly page: number | null;
  /** The key of an item to be shown: its page is taken, where there is one. */
  readonly at?: string | null;
}

export interface ListPage<T> {
  readonly shown: readonly T[];
  /** From 1 on. */
  readonly page: number;
  readonly pages: number;
  /** How many there are on all pages together, and how many without what was asked for. */
  readonly found: number;
  readonly all: number;
}

/** A page of a list that is had whole, such as one of the configuration: filtered by a part of a text, whatever its case. */
export function pageOf<T>(
  items: readonly T[],
  { q, page, at = null }: ListQuery,
  { words, key }: { words(item: T): readonly (string | null)[]; key(item: T): string },
): ListPage<T> {
  const part = q?.trim().toLowerCase() ?? '';
  const isFound = (item: T) => words(item).some((text) => text?.toLowerCase().includes(part));
  const found = part === '' ? items : items.filter(isFound);
  const pages = Math.max(1, Math.ceil(found.length / PAGE_ROWS));
  const place = at === null ? -1 : found.findIndex((item) => key(item) === at);
  const asked = place >= 0 ? Math.floor(place / PAGE_ROWS) + 1 : (page ?? 1);
  const taken = Math.min(pages, Math.max(1, asked));
  const shown = found.slice((taken - 1) * PAGE_ROWS, taken * PAGE_ROWS);
  return { shown, page: taken, pages, found: found.length, all: items.length };
}
