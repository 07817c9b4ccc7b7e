import {
  createLoader,
  createSerializer,
  parseAsBoolean,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
} from 'nuqs/server';

/** Everything about the events list that an address can say. */
export const eventsParsers = {
  q: parseAsString,
  identity: parseAsString,
  issuer: parseAsString,
  claim: parseAsStringLiteral(['model', 'other', 'probable', 'unclaimed']),
  authenticity: parseAsStringLiteral(['verified', 'impersonation', 'unverifiable']),
  log: parseAsInteger,
  rule: parseAsString,
  from: parseAsString,
  to: parseAsString,
  undecided: parseAsBoolean,
  own: parseAsBoolean,
  undeclared: parseAsBoolean,
  /** Where the page begins: `<time>.<id>` of the event before it, or after it. */
  before: parseAsString,
  after: parseAsString,
};

export const loadEventsQuery = createLoader(eventsParsers);

const serialize = createSerializer(eventsParsers);

export type EventsQuery = Awaited<ReturnType<typeof loadEventsQuery>>;

/** The address of the events list narrowed so. */
export function eventsUrl(query: Partial<EventsQuery>): string {
  return serialize('/events', query);
}
