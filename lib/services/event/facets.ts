import { asc, desc } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { eventMatches, events } from '#db/schema/event.ts';
import { logs } from '#db/schema/log.ts';

export interface EventFacets {
  readonly logs: readonly { readonly id: number; readonly origin: string }[];
  readonly rules: readonly string[];
  /** Of the latest events: suggestions, not all that there are. */
  readonly identities: readonly string[];
  readonly issuers: readonly string[];
}

const LATEST = 200;
const LONGEST_SUGGESTION = 300;

/** What the filter form offers to choose from. */
export async function listEventFacets({ db }: OpenDatabase): Promise<EventFacets> {
  const latest = db
    .select({ san: events.san, issuer: events.issuer })
    .from(events)
    .orderBy(desc(events.occurredAt), desc(events.id))
    .limit(LATEST)
    .all();
  return {
    logs: db.select({ id: logs.id, origin: logs.origin }).from(logs).orderBy(asc(logs.origin)).all(),
    rules: db
      .selectDistinct({ rule: eventMatches.rule })
      .from(eventMatches)
      .orderBy(asc(eventMatches.rule))
      .all()
      .map(({ rule }) => rule),
    identities: suggestions(latest.map(({ san }) => san)),
    issuers: suggestions(latest.map(({ issuer }) => issuer)),
  };
}

function suggestions(values: readonly (string | null)[]): string[] {
  const distinct = new Set(values.filter((value) => value !== null && value.length <= LONGEST_SUGGESTION));
  return [...distinct].map(String).sort();
}
