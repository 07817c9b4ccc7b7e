import { and, asc, eq, gt, lte, type SQL, sql } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { preparedIn } from '#db/prepared.ts';
import { eventMatches, events } from '#db/schema/event.ts';
import { moveCursor, readCursor } from './cursor.ts';
import { type AlertEvent, eventAlert, inTitle } from './event-alert.ts';
import { newIssuerOrWorkflow, type SignersMet } from './new-signer.ts';
import { type AlertInput, raiseAlert } from './raise.ts';

/** So many events are gone through in one transaction. */
export const EVENT_PAGE = 500;

const CURSOR = 'events';

/**
 * Raises what an event alone shows as soon as it is stored: impersonation, look-alikes, watched strings in what cannot be
 * read, and issuers or workflows that an own rule never met before. Alerts and cursor are one transaction.
 *
 * @param met what this round has found of signers so far.
 * @returns whether there may be more.
 */
export function raiseFromEvents(tx: Writer, met: SignersMet, now: number): boolean {
  const from = readCursor(tx, CURSOR) ?? 0;
  const page = eventsAfter(tx).all({ row: from });
  const last = page.at(-1);
  if (!last) return false;
  const matches = Map.groupBy(matchesBetween(tx).all({ from, to: last.row }), ({ eventId }) => eventId);
  for (const row of page) {
    const event = { ...row, matches: matches.get(row.id) ?? [] };
    for (const alert of [...strangerAlerts(event, now), ...newIssuerOrWorkflow(tx, event, met, now)])
      raiseAlert(tx, alert);
  }
  moveCursor(tx, CURSOR, last.row);
  return page.length === EVENT_PAGE;
}

type Stranger = AlertEvent & Pick<typeof events.$inferSelect, 'authenticity' | 'undecided'>;

/** Alerts of a signer, not of an event: whoever writes a thousand entries is one alert that counts them. */
export function strangerAlerts(event: Stranger, now: number): AlertInput[] {
  const { san, issuer, authenticity, authenticityReason: reason, undecided, matches } = event;
  const signer = inTitle(san ?? 'a certificate without an identity');
  const isImpersonation = authenticity === 'impersonation';
  const isOwn = matches.some(({ own, how }) => own && how === 'exact');
  const raised: AlertInput[] = [];
  if (isImpersonation) {
    const subject = JSON.stringify([san, issuer]);
    const title = `${signer} is named by a certificate that proves nothing`;
    raised.push(eventAlert('impersonation', event, { subject, title, more: { reason } }, now));
  }
  for (const { rule, how, value } of matches) {
    if (how === 'look-alike' && !isImpersonation && !isOwn) {
      const subject = JSON.stringify([rule, san, issuer]);
      const title = `${signer} looks like what the rule ${inTitle(rule, 40)} watches`;
      raised.push(eventAlert('look-alike', event, { subject, title }, now));
    }
    if (how === 'bytes' && undecided !== null) {
      const subject = JSON.stringify([rule, value]);
      const title = `An entry that cannot be read holds ${inTitle(value)}`;
      const more = { string: value, reason: undecided };
      raised.push(eventAlert('undecided-entry', event, { subject, title, more }, now));
    }
  }
  return raised;
}

/** A page of the events stored after a row. */
const eventsAfter = preparedIn((tx) => selectEvents(tx, gt(events.row, sql.placeholder('row'))).prepare());

const matchesBetween = preparedIn((tx) =>
  tx
    .select({
      eventId: eventMatches.eventId,
      rule: eventMatches.rule,
      how: eventMatches.how,
      own: eventMatches.own,
      value: eventMatches.value,
    })
    .from(events)
    .innerJoin(eventMatches, eq(eventMatches.eventId, events.id))
    .where(and(gt(events.row, sql.placeholder('from')), lte(events.row, sql.placeholder('to'))))
    .orderBy(asc(events.row), asc(eventMatches.rule))
    .prepare(),
);

/** A page of the events that meet a condition, in the order in which they were stored. */
export function selectEvents(tx: Writer, condition: SQL) {
  return tx
    .select({
      row: events.row,
      id: events.id,
      san: events.san,
      issuer: events.issuer,
      digest: events.digest,
      authenticity: events.authenticity,
      authenticityReason: events.authenticityReason,
      undecided: events.undecided,
      occurredAt: events.occurredAt,
    })
    .from(events)
    .where(condition)
    .orderBy(asc(events.row))
    .limit(EVENT_PAGE);
}
