import { eq, inArray } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { events } from '#db/schema/event.ts';
import { expectedSignings } from '#db/schema/expected.ts';
import { assignExpected } from './assign.ts';
import { type CandidateEvent, declarationsOf, type ExpectedRow, eventsOf, readCandidate } from './candidates.ts';

/** What changed: events that came or are understood anew, declarations that came or lost what they accounted for. */
export interface ExpectedChange {
  readonly eventIds?: readonly string[];
  readonly expectedIds?: readonly string[];
}

/**
 * Works out anew which declared signings account for which events, as far as a change reaches: from event to declaration
 * to event, all that could trade places. So the end is the same in whatever order signings and declarations came.
 * To be called in the transaction that made the change.
 */
export function settleExpected(tx: Writer, { eventIds = [], expectedIds = [] }: ExpectedChange): void {
  if (eventIds.length + expectedIds.length === 0) return;
  // Nothing was ever declared on most databases: then an event costs one look.
  if (!tx.select({ id: expectedSignings.id }).from(expectedSignings).limit(1).get()) {
    clear(tx, eventIds);
    return;
  }
  const reached = reach(tx, { eventIds, expectedIds });
  const candidates = [...reached.events.values()].sort((a, b) => a.occurredAt - b.occurredAt || (a.id < b.id ? -1 : 1));
  const choices = new Map(candidates.map(({ id }) => [id, reached.choices.get(id) ?? []]));
  const uses = new Map([...reached.declared.values()].map(({ id, uses: most }) => [id, most]));
  const given = assignExpected(choices, uses);
  for (const id of new Set([...eventIds, ...choices.keys()])) setExpectedBy(tx, id, given.get(id) ?? null);
  for (const { id, used } of reached.declared.values()) {
    const now = [...given.values()].filter((declaration) => declaration === id).length;
    if (now !== used) tx.update(expectedSignings).set({ used: now }).where(eq(expectedSignings.id, id)).run();
  }
}

interface Reached {
  readonly events: Map<string, CandidateEvent>;
  readonly declared: Map<string, ExpectedRow>;
  readonly choices: Map<string, string[]>;
}

function reach(tx: Writer, { eventIds, expectedIds }: Required<ExpectedChange>): Reached {
  const reached: Reached = { events: new Map(), declared: new Map(), choices: new Map() };
  const newEvents = eventIds.flatMap((id) => readCandidate(tx, id) ?? []);
  // An event that is no candidate any more gives free what accounted for it.
  const before = eventIds.flatMap(
    (id) => tx.select({ by: events.expectedBy }).from(events).where(eq(events.id, id)).get()?.by ?? [],
  );
  const newDeclared = readDeclared(tx, [...expectedIds, ...before]);
  while (newEvents.length + newDeclared.length > 0) {
    const event = newEvents.pop();
    if (event && !reached.events.has(event.id)) {
      const declared = declarationsOf(tx, event);
      reached.events.set(event.id, event);
      reached.choices.set(
        event.id,
        declared.map(({ id }) => id),
      );
      newDeclared.push(...declared);
    }
    const declaration = newDeclared.pop();
    if (declaration && !reached.declared.has(declaration.id)) {
      reached.declared.set(declaration.id, declaration);
      newEvents.push(...eventsOf(tx, declaration));
    }
  }
  return reached;
}

function readDeclared(tx: Writer, ids: readonly string[]): ExpectedRow[] {
  if (ids.length === 0) return [];
  return tx
    .select()
    .from(expectedSignings)
    .where(inArray(expectedSignings.id, [...new Set(ids)]))
    .all();
}

function clear(tx: Writer, eventIds: readonly string[]): void {
  for (const id of eventIds) setExpectedBy(tx, id, null);
}

function setExpectedBy(tx: Writer, id: string, expectedBy: string | null): void {
  const known = tx.select({ by: events.expectedBy }).from(events).where(eq(events.id, id)).get();
  if (known && known.by !== expectedBy) tx.update(events).set({ expectedBy }).where(eq(events.id, id)).run();
}
