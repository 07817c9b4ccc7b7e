import { type EventFilter, isSearchable } from '#lib/services/event/filter.ts';
import type { EventsQuery } from '../_server/events-url.ts';
import { parseUtcInput } from '../_server/utc-input.ts';

export interface ReadQuery {
  readonly filter: EventFilter;
  /** What in the address could not be understood, as sentences; those parts narrow nothing. */
  readonly problems: readonly string[];
}

/** What the list is narrowed by, from what the address says. */
export function readEventsQuery(query: EventsQuery): ReadQuery {
  const problems: string[] = [];
  const filter: EventFilter = {};
  if (query.q !== null) {
    if (isSearchable(query.q)) filter.search = query.q;
    else problems.push('A search needs three characters at the least; this one narrows nothing.');
  }
  if (query.identity !== null) filter.identity = query.identity;
  if (query.issuer !== null) filter.issuer = query.issuer;
  if (query.claim !== null) filter.claim = query.claim;
  if (query.authenticity !== null) filter.authenticity = query.authenticity;
  if (query.log !== null && query.log > 0) filter.logId = query.log;
  if (query.rule !== null) filter.rule = query.rule;
  if (query.undecided) filter.undecided = true;
  if (query.own) filter.own = true;
  if (query.undeclared) filter.undeclared = true;
  const from = readTime('From', query.from, problems);
  const to = readTime('To', query.to, problems);
  if (from) filter.from = from.start;
  if (to) filter.to = to.end;
  return { filter, problems };
}

function readTime(label: string, text: string | null, problems: string[]) {
  if (text === null) return null;
  const span = parseUtcInput(text);
  if (!span)
    problems.push(`${label}: “${text.slice(0, 40)}” is no time. Write 2026-03-12, or 2026-03-12 09:14, in UTC.`);
  return span;
}
