import { createLoader, createSerializer, parseAsInteger, parseAsString } from 'nuqs/server';

const parsers = { q: parseAsString, page: parseAsInteger, at: parseAsString };

/** What of a list an address asks for (`pageOf`). */
export const loadListQuery = createLoader(parsers);
const serialize = createSerializer(parsers);

/** The address of a page of a list, or of the one that an item is on. */
export function listUrl(
  path: string,
  {
    q = null,
    page = 1,
    at = null,
  }: { readonly q?: string | null; readonly page?: number; readonly at?: string | null },
): string {
  return serialize(path, { q, page: page === 1 ? null : page, at });
}
