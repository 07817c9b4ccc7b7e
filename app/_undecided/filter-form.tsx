import Form from 'next/form';
import { formatCount } from '#lib/provenance/format.ts';
import { elideMiddle, showText } from '#lib/provenance/untrusted-text.ts';
import type { UndecidedCounts } from '#lib/services/event/list-undecided.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { formatKind, type UndecidedQuery } from './query.ts';

/** Narrows the list. A plain GET form, so that the address says it all and no script is needed. */
export function UndecidedFilter({ query, counts }: { query: UndecidedQuery; counts: UndecidedCounts }) {
  const isNarrowed = query.log !== null || query.kind !== null || query.watched !== null;
  return (
    <Form
      action="/undecided"
      prefetch={false}
      key={JSON.stringify(query)}
      className="panel mb-3 flex flex-wrap items-end gap-x-3 gap-y-2 p-3"
    >
      <label className="flex min-w-0 flex-1 basis-56 flex-col gap-1 text-[0.8125rem]">
        <span className="text-muted">Log</span>
        <select name="log" defaultValue={query.log ?? ''} className="control w-full">
          <option value="">any</option>
          {counts.byLog.map(({ logId, origin, count }) => (
            <option key={logId} value={logId}>
              {elideMiddle(showText(origin), 48)} ({formatCount(count)})
            </option>
          ))}
        </select>
      </label>
      <label className="flex min-w-0 flex-1 basis-56 flex-col gap-1 text-[0.8125rem]">
        <span className="text-muted">What it calls itself</span>
        <select name="kind" defaultValue={query.kind ?? ''} className="control w-full">
          <option value="">anything</option>
          {counts.byKind.map(({ kind, count }) => (
            <option key={formatKind(kind)} value={formatKind(kind)}>
              {kind === null ? 'nothing readable' : elideMiddle(showText(kind), 48)} ({formatCount(count)})
            </option>
          ))}
        </select>
      </label>
      <label className="inline-flex min-h-8 items-center gap-2">
        <input
          type="checkbox"
          name="watched"
          value="true"
          defaultChecked={query.watched === true}
          className="size-4 accent-accent"
        />
        Holds a watched string ({formatCount(counts.holdWatched)})
      </label>
      <button type="submit" className="button button-accent">
        Filter
      </button>
      {isNarrowed ? (
        <AppLink href="/undecided" className="link inline-flex min-h-8 items-center">
          Show all
        </AppLink>
      ) : null}
    </Form>
  );
}
