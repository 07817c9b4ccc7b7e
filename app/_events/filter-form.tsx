import { ChevronRight, Search } from 'lucide-react';
import Form from 'next/form';
import { AUTHENTICITY, CLAIM } from '#lib/provenance/state.ts';
import type { EventFacets } from '#lib/services/event/facets.ts';
import type { EventsQuery } from '../_server/events-url.ts';
import { FilterSelect, FilterText, FilterTick } from '../_ui/filter-form.tsx';

/** Narrows the list. A plain GET form, so that the address says it all and no script is needed. */
export function EventsFilter({ query, facets }: { query: EventsQuery; facets: EventFacets }) {
  return (
    <Form action="/events" prefetch={false} key={JSON.stringify(query)} className="panel mb-3 p-3">
      <div className="flex gap-2">
        <label className="relative min-w-0 flex-1">
          <span className="sr-only">Search identities, issuers, digests and names</span>
          <Search size={15} aria-hidden="true" className="pointer-events-none absolute top-2 left-2.5 text-muted" />
          <input
            type="search"
            name="q"
            defaultValue={query.q ?? ''}
            placeholder="Part of an identity, issuer, digest or name"
            className="control w-full pl-8!"
          />
        </label>
        <button type="submit" className="button button-accent">
          Filter
        </button>
      </div>
      <details className="group mt-2" open={hasMore(query)}>
        <summary className="flex min-h-6 items-center gap-1 text-[0.8125rem] text-muted hover:text-ink">
          <ChevronRight size={14} aria-hidden="true" className="group-open:rotate-90" />
          Narrow by signer, state, log, rule or time
        </summary>
        <div className="mt-2 grid grid-cols-1 gap-x-3 gap-y-2 sm:grid-cols-2 xl:grid-cols-4">
          <FilterText name="identity" label="Identity, whole" list="identities" value={query.identity} isMono />
          <FilterText name="issuer" label="Issuer, whole" list="issuers" value={query.issuer} isMono />
          <FilterSelect
            name="claim"
            label="Claim"
            value={query.claim}
            options={Object.entries(CLAIM).map(([value, { word }]) => ({ value, label: word }))}
          />
          <FilterSelect
            name="authenticity"
            label="Authenticity"
            value={query.authenticity}
            options={Object.entries(AUTHENTICITY).map(([value, { word }]) => ({ value, label: word }))}
          />
          <FilterSelect
            name="log"
            label="Log"
            value={query.log === null ? null : String(query.log)}
            options={facets.logs.map(({ id, origin }) => ({ value: String(id), label: origin }))}
          />
          <FilterSelect
            name="rule"
            label="Watch rule"
            value={query.rule}
            options={facets.rules.map((rule) => ({ value: rule, label: rule }))}
          />
          <FilterText name="from" label="From (UTC)" value={query.from} placeholder="2026-03-12 09:14" isMono />
          <FilterText name="to" label="To, inclusive (UTC)" value={query.to} placeholder="2026-03-31" isMono />
          <div className="flex flex-wrap gap-x-5 gap-y-1 sm:col-span-2 xl:col-span-4">
            <FilterTick name="own" label="Own identities only" isOn={query.own === true} />
            <FilterTick name="undecided" label="Undecided entries only" isOn={query.undecided === true} />
          </div>
        </div>
        <datalist id="identities">
          {facets.identities.map((identity) => (
            <option key={identity} value={identity} />
          ))}
        </datalist>
        <datalist id="issuers">
          {facets.issuers.map((issuer) => (
            <option key={issuer} value={issuer} />
          ))}
        </datalist>
      </details>
    </Form>
  );
}

function hasMore({ q: _, before: _before, after: _after, ...rest }: EventsQuery): boolean {
  return Object.values(rest).some((value) => value !== null && value !== false);
}
