import { and, eq, exists, gte, isNull, lt, lte, notExists, type SQL, sql } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { alerts } from '#db/schema/alert.ts';
import { eventMatches, events } from '#db/schema/event.ts';
import type { AlertsConfig } from '#lib/config/alerts-schema.ts';
import { moveCursor, readCursor } from './cursor.ts';
import { type AlertEvent, eventAlert, inTitle, withMatches } from './event-alert.ts';
import { raiseAlert } from './raise.ts';
import { EVENT_PAGE, eventsAfter } from './raise-from-events.ts';
import { settleAlerts } from './settle.ts';

/** The two alarms of own signings. Each is an alert of its own: what was acknowledged of one says nothing of the next. */
export const OWN_SIGNINGS = {
  'unclaimed-signing': { grace: 'unclaimed', told: 'signed what nobody has shown' },
  'unexpected-signing': { grace: 'unexpected', told: 'signed what nobody had declared' },
} as const satisfies Record<string, { grace: keyof AlertsConfig['grace']; told: string }>;

export type OwnSigningKind = keyof typeof OWN_SIGNINGS;

export interface OwnSigningOptions {
  readonly grace: AlertsConfig['grace'];
  /** From when on every own signing must have been declared (`expectedSince`); null where none must be. */
  readonly since: number | null;
  readonly now: number;
}

/**
 * Raises own signings that nobody accounted for within the grace time, in the order in which they were stored: the cursor
 * stops before one that is too young. Alerts and cursor are one transaction.
 *
 * @returns whether there may be more.
 */
export function raiseFromOwnSignings(tx: Writer, kind: OwnSigningKind, options: OwnSigningOptions): boolean {
  const { grace, since, now } = options;
  const from = readCursor(tx, kind) ?? 0;
  const wait = grace[OWN_SIGNINGS[kind].grace];
  const page = eventsAfter(tx, from);
  let position = from;
  let isYoung = false;
  for (const event of page) {
    const isOwn = event.matches.some(({ own }) => own);
    const isDue =
      kind === 'unexpected-signing' ? since !== null && event.occurredAt >= since : isUnclaimed(event, since);
    if (isOwn && isDue && event.authenticity === 'verified' && event.expectedBy === null) {
      // A time ahead of our clock is no reason to wait for it.
      isYoung = event.firstSeenAt > now - wait && event.firstSeenAt <= now;
      if (isYoung) break;
      raiseOwnSigning(tx, kind, event, now);
    }
    position = event.row;
  }
  if (position !== from) moveCursor(tx, kind, position);
  return !isYoung && page.length === EVENT_PAGE;
}

function isUnclaimed({ claim, occurredAt }: { claim: string; occurredAt: number }, since: number | null): boolean {
  return claim === 'unclaimed' && (since === null || occurredAt < since);
}

function raiseOwnSigning(tx: Writer, kind: OwnSigningKind, event: AlertEvent, now: number): void {
  const title = `${inTitle(event.san ?? 'A certificate without an identity')} ${OWN_SIGNINGS[kind].told}`;
  raiseAlert(tx, eventAlert(kind, event, { subject: event.id, title }, now));
}

/**
 * Raises what became so later than it was stored, such as an entry that was read again or a declaration that was withdrawn.
 *
 * @returns whether there may be more.
 */
export function sweepOwnSignings(tx: Writer, kind: OwnSigningKind, options: OwnSigningOptions): boolean {
  const { grace, now } = options;
  const from = readCursor(tx, kind) ?? 0;
  const rows = tx
    .select({
      id: events.id,
      san: events.san,
      issuer: events.issuer,
      digest: events.digest,
      occurredAt: events.occurredAt,
      authenticityReason: events.authenticityReason,
    })
    .from(events)
    .where(
      and(
        isAlarm(tx, kind, options.since),
        lte(events.row, from),
        lte(events.firstSeenAt, now - grace[OWN_SIGNINGS[kind].grace]),
        notExists(
          tx
            .select({ one: sql`1` })
            .from(alerts)
            .where(and(eq(alerts.kind, kind), eq(alerts.subject, events.id), eq(alerts.standing, true))),
        ),
      ),
    )
    .limit(EVENT_PAGE)
    .all();
  for (const event of withMatches(tx, rows)) raiseOwnSigning(tx, kind, event, now);
  return rows.length === EVENT_PAGE;
}

/** Resolves the alerts of signings that somebody accounted for after all. */
export function settleOwnSignings(tx: Writer, kind: OwnSigningKind, { since, now }: OwnSigningOptions): void {
  const gone = tx
    .select({ id: alerts.id })
    .from(alerts)
    .where(
      and(
        eq(alerts.kind, kind),
        eq(alerts.standing, true),
        notExists(
          tx
            .select({ one: sql`1` })
            .from(events)
            .where(and(eq(events.id, alerts.subject), isAlarm(tx, kind, since))),
        ),
      ),
    )
    .all();
  settleAlerts(
    tx,
    gone.map(({ id }) => id),
    now,
  );
}

/** Whether an event is an alarm of this kind, its age apart. */
function isAlarm(tx: Writer, kind: OwnSigningKind, since: number | null): SQL | undefined {
  const isOwn = exists(
    tx
      .select({ one: sql`1` })
      .from(eventMatches)
      .where(and(eq(eventMatches.eventId, events.id), eq(eventMatches.own, true))),
  );
  const isOfKind =
    kind === 'unexpected-signing'
      ? since === null
        ? sql`0`
        : gte(events.occurredAt, since)
      : and(eq(events.claim, 'unclaimed'), since === null ? undefined : lt(events.occurredAt, since));
  return and(eq(events.authenticity, 'verified'), isNull(events.expectedBy), isOwn, isOfKind);
}
