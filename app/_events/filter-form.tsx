import { ChevronRight, Search } from 'lucide-react';
import Form from 'next/form';
import type { ReactNode } from 'react';
import { AUTHENTICITY, CLAIM } from '#lib/provenance/state.ts';
import { elideMiddle, showText } from '#lib/provenance/untrusted-text.ts';
import type { EventFacets } from '#lib/services/event/facets.ts';
import type { EventsQuery } from '../_server/events-url.ts';

/** Narrows the list. A plain GET form, so that the address says it all and no script is needed. */
export function FilterForm({ query, facets }: { query: EventsQuery; facets: EventFacets }) {
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
          <Field label="Identity, whole">
            <input
              name="identity"
              list="identities"
              defaultValue={query.identity ?? ''}
              className="control mono w-full"
            />
          </Field>
          <Field label="Issuer, whole">
            <input name="issuer" list="issuers" defaultValue={query.issuer ?? ''} className="control mono w-full" />
          </Field>
          <Choice
            name="claim"
            label="Claim"
            value={query.claim}
            options={Object.entries(CLAIM).map(([value, { word }]) => [value, word])}
          />
          <Choice
            name="authenticity"
            label="Authenticity"
            value={query.authenticity}
            options={Object.entries(AUTHENTICITY).map(([value, { word }]) => [value, word])}
          />
          <Choice
            name="log"
            label="Log"
            value={query.log}
            options={facets.logs.map(({ id, origin }) => [String(id), origin])}
          />
          <Choice
            name="rule"
            label="Watch rule"
            value={query.rule}
            options={facets.rules.map((rule) => [rule, rule])}
          />
          <Field label="From (UTC)">
            <input
              name="from"
              defaultValue={query.from ?? ''}
              placeholder="2026-03-12 09:14"
              className="control mono w-full"
            />
          </Field>
          <Field label="To, inclusive (UTC)">
            <input name="to" defaultValue={query.to ?? ''} placeholder="2026-03-31" className="control mono w-full" />
          </Field>
          <div className="flex flex-wrap gap-x-5 gap-y-1 sm:col-span-2 xl:col-span-4">
            <Tick name="own" label="Own identities only" isOn={query.own === true} />
            <Tick name="undecided" label="Undecided entries only" isOn={query.undecided === true} />
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

function Field({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className="flex min-w-0 flex-col gap-1">
      <span className="text-[0.8125rem] text-muted">{label}</span>
      {children}
    </label>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly label: string;
  readonly value: string | number | null;
  readonly options: readonly (readonly [value: string, label: string])[];
}

/** A value that is not among the options (from an old address) is added, so that it is not lost with the next filter. */
function Choice({ name, label, value, options }: ChoiceProps) {
  const chosen = value === null ? '' : String(value);
  const isKnown = chosen === '' || options.some(([option]) => option === chosen);
  return (
    <Field label={label}>
      <select name={name} defaultValue={chosen} className="control w-full">
        <option value="">Any</option>
        {[...options, ...(isKnown ? [] : [[chosen, chosen] as const])].map(([option, text]) => (
          <option key={option} value={option}>
            {elideMiddle(showText(text), 60)}
          </option>
        ))}
      </select>
    </Field>
  );
}

function Tick({ name, label, isOn }: { name: string; label: string; isOn: boolean }) {
  return (
    <label className="inline-flex min-h-6 items-center gap-2">
      <input type="checkbox" name={name} value="true" defaultChecked={isOn} className="size-4 accent-accent" />
      {label}
    </label>
  );
}
