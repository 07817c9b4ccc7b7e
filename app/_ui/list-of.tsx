import type { ReactNode } from 'react';
import { formatCount } from '#lib/provenance/format.ts';
import { listUrl } from '../_server/list-query.ts';
import { type ListPage, PAGE_ROWS } from '../_server/page-of.ts';
import { AppLink } from './app-link.tsx';
import { Pager } from './pager.tsx';
import { Empty } from './panel.tsx';
import { SearchField } from './search-field.tsx';

/** So few are seen at a glance: nobody searches them. */
const SEEN_AT_A_GLANCE = 10;

interface Props {
  readonly list: ListPage<unknown>;
  /** The address of the page that the list is on. */
  readonly path: string;
  readonly q: string | null;
  /** What can be searched for: Part of a name. */
  readonly label: string;
  /** The table of what is shown. */
  readonly children: ReactNode;
}

/** A list that is had whole, with what narrows it and turns its pages as soon as it is long. */
export function ListOf({ list, path, q, label, children }: Props) {
  const { shown, page, pages, all } = list;
  const url = (to: number) => listUrl(path, { q, page: to });
  return (
    <>
      {all > SEEN_AT_A_GLANCE ? (
        <div className="border-b border-line px-4 pt-3">
          <SearchField action={path} label={label} value={q} />
        </div>
      ) : null}
      {shown.length > 0 ? (
        children
      ) : (
        <Empty title="Nothing here is like this">
          It is looked for in names and in what they say, whatever the case. <AppLink href={path}>Show all</AppLink>.
        </Empty>
      )}
      {pages > 1 || q !== null ? (
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-t border-line px-4 py-2">
          <p className="text-muted">{countOf(list)}</p>
          <Pager
            newer={page > 1 ? url(page - 1) : null}
            older={page < pages ? url(page + 1) : null}
            words={{ newer: 'Previous', older: 'Next' }}
            className=""
          />
        </div>
      ) : null}
    </>
  );
}

/** Which of them are shown, and of how many. */
function countOf({ shown, page, found, all }: ListPage<unknown>): string {
  if (found === 0) return `None of ${formatCount(all)}`;
  const first = (page - 1) * PAGE_ROWS + 1;
  const of = `${formatCount(first)} to ${formatCount(first + shown.length - 1)} of ${formatCount(found)}`;
  return found < all ? `${of} found, of ${formatCount(all)} in all` : of;
}
