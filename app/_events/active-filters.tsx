import { X } from 'lucide-react';
import { AUTHENTICITY, CLAIM } from '#lib/provenance/state.ts';
import { type EventsQuery, eventsUrl } from '../_server/events-url.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { Value } from '../_ui/value.tsx';

/** What the list is narrowed by now; each part can be taken away by itself. */
export function ActiveFilters({ query, origins }: { query: EventsQuery; origins: ReadonlyMap<number, string> }) {
  const { before: _, after: _after, ...filters } = query;
  const chips = describe(filters, origins);
  if (chips.length === 0) return null;
  return (
    <ul aria-label="Active filters" className="mb-3 flex flex-wrap items-center gap-1.5">
      {chips.map(({ key, label, value }) => (
        <li key={key} className="max-w-full">
          <AppLink
            href={eventsUrl({ ...filters, [key]: null })}
            className="flex min-h-6 max-w-full items-center gap-1.5 rounded border border-line bg-surface px-2 py-0.5 text-[0.8125rem] hover:border-ink"
          >
            <span className="text-muted">{label}</span>
            {value === null ? null : <Value value={value} limit={40} />}
            <X size={13} aria-hidden="true" className="shrink-0 text-muted" />
            <span className="sr-only">, take this filter away</span>
          </AppLink>
        </li>
      ))}
      <li>
        <AppLink href="/events" className="link inline-flex min-h-6 items-center px-1 text-[0.8125rem]">
          Clear all
        </AppLink>
      </li>
    </ul>
  );
}

type Filters = Omit<EventsQuery, 'before' | 'after'>;

function describe(query: Filters, origins: ReadonlyMap<number, string>) {
  const chips: { key: keyof Filters; label: string; value: string | null }[] = [];
  const add = (key: keyof Filters, label: string, value: string | null) => chips.push({ key, label, value });
  if (query.q !== null) add('q', 'contains', query.q);
  if (query.identity !== null) add('identity', 'identity', query.identity);
  if (query.issuer !== null) add('issuer', 'issuer', query.issuer);
  if (query.claim !== null) add('claim', 'claim', CLAIM[query.claim].word);
  if (query.authenticity !== null) add('authenticity', 'authenticity', AUTHENTICITY[query.authenticity].word);
  if (query.log !== null) add('log', 'log', origins.get(query.log) ?? String(query.log));
  if (query.rule !== null) add('rule', 'rule', query.rule);
  if (query.from !== null) add('from', 'from', query.from);
  if (query.to !== null) add('to', 'to', query.to);
  if (query.own) add('own', 'own identities', null);
  if (query.undeclared) add('undeclared', 'not declared', null);
  if (query.undecided) add('undecided', 'undecided', null);
  return chips;
}
