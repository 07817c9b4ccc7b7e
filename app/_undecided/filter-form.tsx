import { formatCount } from '#lib/provenance/format.ts';
import { elideMiddle, showText } from '#lib/provenance/untrusted-text.ts';
import type { UndecidedCounts } from '#lib/services/event/list-undecided.ts';
import { FilterForm, FilterSelect, FilterTick } from '../_ui/filter-form.tsx';
import { formatKind, type UndecidedQuery } from './query.ts';

/** Narrows the list of entries that could not be read. */
export function UndecidedFilter({ query, counts }: { query: UndecidedQuery; counts: UndecidedCounts }) {
  const isNarrowed = query.log !== null || query.kind !== null || query.watched !== null;
  return (
    <FilterForm action="/undecided" query={query} clear={isNarrowed ? 'Show all' : null}>
      <FilterSelect
        name="log"
        label="Log"
        value={query.log === null ? null : String(query.log)}
        options={counts.byLog.map(({ logId, origin, count }) => ({
          value: String(logId),
          label: `${elideMiddle(showText(origin), 48)} (${formatCount(count)})`,
        }))}
      />
      <FilterSelect
        name="kind"
        label="What it calls itself"
        value={query.kind}
        any="Anything"
        options={counts.byKind.map(({ kind, count }) => ({
          value: formatKind(kind),
          label: `${kind === null ? 'nothing readable' : elideMiddle(showText(kind), 48)} (${formatCount(count)})`,
        }))}
      />
      <FilterTick
        name="watched"
        label={`Holds a watched string (${formatCount(counts.holdWatched)})`}
        isOn={query.watched === true}
      />
    </FilterForm>
  );
}
