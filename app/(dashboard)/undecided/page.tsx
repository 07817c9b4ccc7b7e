import { redirect } from 'next/navigation';
import type { SearchParams } from 'nuqs/server';
import { formatPlural } from '#lib/provenance/format.ts';
import { mayActAs } from '#lib/services/access/role.ts';
import { countUndecided, listUndecided, type UndecidedCounts } from '#lib/services/event/list-undecided.ts';
import { formatPlace, parsePlace, withoutEmptyParts } from '../../_server/address.ts';
import { databasePage } from '../../_server/page.tsx';
import { AppLink } from '../../_ui/app-link.tsx';
import { Pager } from '../../_ui/pager.tsx';
import { Empty, PageHeader } from '../../_ui/panel.tsx';
import { UndecidedFilter } from '../../_undecided/filter-form.tsx';
import { filterOf, loadUndecidedQuery, undecidedUrl } from '../../_undecided/query.ts';
import { UndecidedTable } from '../../_undecided/undecided-table.tsx';

const PAGE_SIZE = 50;

export const metadata = { title: 'Undecided entries' };

interface Props {
  readonly searchParams: Promise<SearchParams>;
}

export default databasePage<Props>(async (database, { searchParams }, asker) => {
  const params = await searchParams;
  const clean = withoutEmptyParts(params);
  if (clean !== null) redirect(`/undecided${clean}`);
  const query = await loadUndecidedQuery(params);
  const place = parsePlace(query.before);
  const [page, counts] = await Promise.all([
    listUndecided(database, {
      filter: filterOf(query),
      limit: PAGE_SIZE,
      ...(place ? { olderThan: { occurredAt: place.at, id: place.id } } : {}),
    }),
    countUndecided(database),
  ]);
  const canAct = mayActAs(asker.role, 'investigator');
  const first = undecidedUrl({ ...query, before: null });
  return (
    <>
      <p className="mb-1 text-[0.8125rem]">
        <AppLink href="/events">Events</AppLink>
      </p>
      <PageHeader title="Undecided entries">{describe(counts)}</PageHeader>
      {counts.all === 0 ? (
        <div className="panel">
          <Empty title="Every entry so far could be read">
            An entry of a kind or form that this version does not know would be kept here byte for byte, and searched
            for watched strings.
          </Empty>
        </div>
      ) : (
        <>
          <Again counts={counts} canAct={canAct} />
          <UndecidedFilter query={query} counts={counts} />
          <div className="panel overflow-hidden">
            {page.entries.length > 0 ? (
              <UndecidedTable entries={page.entries} />
            ) : (
              <Empty title="No undecided entry matches all of these filters">
                <AppLink href="/undecided">Show all of them</AppLink>
              </Empty>
            )}
          </div>
          <Pager
            newer={place === null ? null : first}
            older={
              page.older &&
              undecidedUrl({ ...query, before: formatPlace({ at: page.older.occurredAt, id: page.older.id }) })
            }
          />
        </>
      )}
    </>
  );
});

function describe({ all, holdWatched }: UndecidedCounts): string {
  if (all === 0) return 'There is none.';
  const watched = holdWatched === 0 ? 'none of them holds' : `${formatPlural(holdWatched, 'holds', 'hold')}`;
  return `${formatPlural(all, 'entry', 'entries')} that this version cannot read; ${watched} a string that is watched for. Each is bound to the root that its log signed, and its bytes are kept.`;
}

/** How they are tried again, and the button for it. */
function Again({ counts: { waiting }, canAct }: { counts: UndecidedCounts; canAct: boolean }) {
  return (
    <div className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-2">
      <p className="max-w-[80ch]">
        {waiting > 0
          ? `${formatPlural(waiting, 'of them is', 'of them are')} read again by the jobs within seconds. `
          : 'This version has tried all of them. '}
        After an upgrade that reads more they are read again by themselves. One that is understood then becomes an event
        like any other, with its first sight and its proof as they are.
      </p>
      {canAct && waiting === 0 ? (
        <form action="/undecided/again" method="post">
          <button type="submit" className="button">
            Try again now
          </button>
        </form>
      ) : null}
    </div>
  );
}
