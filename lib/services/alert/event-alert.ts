import { eq, sql } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { preparedIn } from '#db/prepared.ts';
import { eventMatches, type events } from '#db/schema/event.ts';
import type { AlertKind } from '#lib/provenance/alert-kind.ts';
import { ALERT } from '#lib/provenance/alert-words.ts';
import { formatUtc } from '#lib/provenance/format.ts';
import { elideMiddle, showText } from '#lib/provenance/untrusted-text.ts';
import type { AlertInput } from './raise.ts';

/** What alerts need to know of an event. */
export interface AlertEvent
  extends Pick<typeof events.$inferSelect, 'id' | 'san' | 'issuer' | 'digest' | 'occurredAt' | 'authenticityReason'> {
  readonly matches: readonly AlertMatch[];
}

export type AlertMatch = Pick<typeof eventMatches.$inferSelect, 'rule' | 'how' | 'own' | 'value'>;

const TITLE_LIMIT = 90;

/** A name of a stranger as it may stand in a title. */
export function inTitle(value: string, limit = TITLE_LIMIT): string {
  return elideMiddle(showText(value), limit);
}

/** The names of rules or the like under one label: `rule`, `rule 2`, …. */
export function numbered(label: string, values: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    [...new Set(values)].slice(0, 20).map((value, i) => [i === 0 ? label : `${label} ${i + 1}`, value]),
  );
}

/** An alert about an event, with its signer and rules as evidence. */
export function eventAlert(
  kind: AlertKind,
  event: AlertEvent,
  told: { readonly subject: string; readonly title: string; readonly more?: Readonly<Record<string, string>> },
  now: number,
): AlertInput {
  const { san, issuer, digest, occurredAt, matches, id } = event;
  return {
    kind,
    severity: ALERT[kind].severity,
    subject: told.subject,
    title: told.title,
    statement: `${ALERT[kind].what} It is of ${formatUtc(occurredAt)}.`,
    evidence: {
      ...(san === null ? {} : { identity: san }),
      ...(issuer === null ? {} : { issuer }),
      ...numbered(
        'rule',
        matches.map(({ rule }) => rule),
      ),
      ...(digest === null ? {} : { digest }),
      event: id,
      ...told.more,
    },
    href: `/events/${id}`,
    now,
  };
}

const matchesOf = preparedIn((tx) =>
  tx
    .select({ rule: eventMatches.rule, how: eventMatches.how, own: eventMatches.own, value: eventMatches.value })
    .from(eventMatches)
    .where(eq(eventMatches.eventId, sql.placeholder('id')))
    .orderBy(eventMatches.rule)
    .prepare(),
);

/** An event with the rules that it met. */
export function withMatches<Event extends { readonly id: string }>(
  tx: Writer,
  event: Event,
): Event & { readonly matches: readonly AlertMatch[] } {
  return { ...event, matches: matchesOf(tx).all({ id: event.id }) };
}
