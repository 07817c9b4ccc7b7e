import { and, asc, eq, exists, gt, gte, isNull, lt, lte, max, notExists, type SQL, sql } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { preparedIn } from '#db/prepared.ts';
import { alerts } from '#db/schema/alert.ts';
import { eventMatches, events } from '#db/schema/event.ts';
import type { AlertsConfig } from '#lib/config/alerts-schema.ts';
import { moveCursor, readCursor } from './cursor.ts';
import { eventAlert, inTitle, withMatches } from './event-alert.ts';
import { raiseAlert } from './raise.ts';
import { EVENT_PAGE } from './raise-from-events.ts';
import { type RoundPlaces, SLICE } from './round-places.ts';
import { STANDING, settleAlerts } from './settle.ts';

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

/** So many rows are gone through in one transaction; few of them are alarms. */
const SPAN = 20_000;

/**
 * Raises own signings that nobody accounted for within the grace time, in the order in which they were stored: the cursor
 * stops before one that is too young. Alerts and cursor are one transaction.
 *
 * @returns whether there may be more.
 */
export function raiseFromOwnSignings(tx: Writer, kind: OwnSigningKind, options: OwnSigningOptions): boolean {
  const { grace, since, now } = options;
  const from = readCursor(tx, kind) ?? 0;
  const newest = newestRow(tx).get()?.row ?? 0;
  if (newest <= from) return false;
  const until = Math.min(newest, from + SPAN);
  const alarms = selectSignings(tx)
    .where(and(gt(events.row, from), lte(events.row, until), isAlarm(tx, kind, since)))
    .orderBy(asc(events.row))
    .limit(EVENT_PAGE)
    .all();
  const wait = grace[OWN_SIGNINGS[kind].grace];
  // A time ahead of our clock is no reason to wait for it.
  const young = alarms.findIndex(({ firstSeenAt }) => firstSeenAt > now - wait && firstSeenAt <= now);
  const due = young < 0 ? alarms : alarms.slice(0, young);
  for (const event of due) raiseOwnSigning(tx, kind, event, now);
  const stop = alarms[young]?.row ?? null;
  const last = alarms.length === EVENT_PAGE ? alarms.at(-1)?.row : undefined;
  const position = stop === null ? (last ?? until) : stop - 1;
  if (position !== from) moveCursor(tx, kind, position);
  return stop === null && position < newest;
}

const newestRow = preparedIn((tx) =>
  tx
    .select({ row: max(events.row) })
    .from(events)
    .prepare(),
);

function selectSignings(tx: Writer) {
  return tx
    .select({
      row: events.row,
      id: events.id,
      san: events.san,
      issuer: events.issuer,
      digest: events.digest,
      occurredAt: events.occurredAt,
      firstSeenAt: events.firstSeenAt,
      authenticityReason: events.authenticityReason,
    })
    .from(events)
    .$dynamic();
}

type Signing = ReturnType<ReturnType<typeof selectSignings>['all']>[number];

function raiseOwnSigning(tx: Writer, kind: OwnSigningKind, signing: Signing, now: number): void {
  const event = withMatches(tx, signing);
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
  const rows = selectSignings(tx)
    .where(
      and(
        isAlarm(tx, kind, options.since),
        lte(events.row, from),
        lte(events.firstSeenAt, now - grace[OWN_SIGNINGS[kind].grace]),
        notExists(
          tx
            .select({ one: sql`1` })
            .from(alerts)
            .where(and(eq(alerts.kind, kind), eq(alerts.subject, events.id), STANDING)),
        ),
      ),
    )
    .limit(EVENT_PAGE)
    .all();
  for (const event of rows) raiseOwnSigning(tx, kind, event, now);
  return rows.length === EVENT_PAGE;
}

/** Resolves the alerts of signings that somebody accounted for after all, among the next slice of those that stand. */
export function settleOwnSignings(
  tx: Writer,
  kind: OwnSigningKind,
  places: RoundPlaces,
  { since, now }: OwnSigningOptions,
): void {
  const isThere = tx
    .select({ one: sql`1` })
    .from(events)
    .where(and(eq(events.id, alerts.subject), isAlarm(tx, kind, since)));
  const slice = tx
    .select({ id: alerts.id, subject: alerts.subject, isGone: sql<number>`NOT EXISTS ${isThere}` })
    .from(alerts)
    .where(and(eq(alerts.kind, kind), STANDING, gt(alerts.subject, String(places.get(kind) ?? ''))))
    .orderBy(asc(alerts.subject))
    .limit(SLICE)
    .all();
  const last = slice.at(-1);
  if (last && slice.length === SLICE) places.set(kind, last.subject);
  else places.delete(kind);
  const gone = slice.filter(({ isGone }) => isGone === 1);
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
