import { and, asc, eq, exists, gte, inArray, isNotNull, notExists, sql } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { preparedIn } from '#db/prepared.ts';
import { alerts, digestItems, messageAlerts, messages } from '#db/schema/alert.ts';
import type { AlertsConfig } from '#lib/config/alerts-schema.ts';
import type { RouteConfig } from '#lib/config/route-schema.ts';
import { matchesRoute } from '#lib/notify/match-route.ts';
import type { NoticeAlert } from '#lib/notify/notice.ts';
import { type Occasion, writeNotice } from '#lib/notify/write-notice.ts';
import { putMessage } from '#lib/services/message/put.ts';
import { moveCursor, readCursor } from './cursor.ts';
import { readAlert } from './stored-alert.ts';

const PAGE = 2000;
/** What is to be repeated is looked for sixty times in its time, and every ten minutes at the least. */
const LOOKS = 60;
const LOOK_EVERY = 10 * 60_000;
/** So many messages of one kind go to a channel at once; what is more becomes one. */
const MOST_GROUPS = 5;

const waiting = preparedIn((tx) =>
  tx
    .insert(digestItems)
    .values({ route: sql.placeholder('route'), alertId: sql.placeholder('id'), at: sql.placeholder('at') })
    .onConflictDoNothing()
    .prepare(),
);

/**
 * Takes up what was raised and resolved since, by whatever process: puts it into the outbox as the routes say, or beside
 * what waits for a digest. One transaction with the marks that it was to be told.
 *
 * @returns whether there may be more.
 */
export function tellAlerts(tx: Writer, { routes }: Pick<AlertsConfig, 'routes'>, now: number): boolean {
  const rows = tx
    .select()
    .from(alerts)
    .where(isNotNull(alerts.tell))
    .orderBy(asc(alerts.lastAt), sql`rowid`)
    .limit(PAGE)
    .all();
  if (rows.length === 0) return false;
  for (const tell of ['raised', 'resolved'] as const) {
    const told = rows.filter((row) => row.tell === tell).map(readAlert);
    const meant = tell === 'raised' ? routes : routes.filter(({ resolved }) => resolved);
    for (const route of meant.filter(({ digest }) => digest !== 'immediately')) {
      for (const { id } of told.filter((alert) => matchesRoute(route, alert))) {
        waiting(tx).run({ route: route.name, id, at: now });
      }
    }
    const immediate = meant.filter(({ digest }) => digest === 'immediately');
    sendTo(tx, tell === 'raised' ? 'alert' : 'resolved', told, immediate, now);
  }
  tx.update(alerts)
    .set({ tell: null })
    .where(
      inArray(
        alerts.id,
        rows.map(({ id }) => id),
      ),
    )
    .run();
  return rows.length === PAGE;
}

/** Tells again of what nobody has acknowledged, as routes say. What was never told by them is none of it. */
export function repeatAlerts(tx: Writer, { routes }: Pick<AlertsConfig, 'routes'>, now: number): void {
  for (const route of routes) {
    const { name, digest, repeat } = route;
    if (repeat === null || digest !== 'immediately') continue;
    const looked = `repeat ${name}`;
    if ((readCursor(tx, looked) ?? 0) > now - Math.min(repeat / LOOKS, LOOK_EVERY)) continue;
    moveCursor(tx, looked, now);
    const due = tx
      .select()
      .from(alerts)
      .where(and(eq(alerts.state, 'new'), exists(told(tx, route, 0)), notExists(told(tx, route, now - repeat + 1))))
      .orderBy(asc(alerts.lastAt))
      .all()
      .map(readAlert)
      .filter((alert) => matchesRoute(route, alert))
      .slice(0, PAGE);
    if (due.length > 0) sendTo(tx, 'reminder', due, [route], now);
  }
}

/** Messages of an alert through the channels of a route, from a time on. */
function told(tx: Writer, { channels }: RouteConfig, from: number) {
  return tx
    .select({ one: sql`1` })
    .from(messageAlerts)
    .innerJoin(messages, eq(messages.id, messageAlerts.messageId))
    .where(
      and(
        eq(messageAlerts.alertId, alerts.id),
        inArray(messages.channel, [...channels]),
        gte(messages.createdAt, from),
      ),
    );
}

/** One message a channel and group, whichever routes lead there. */
function sendTo(
  tx: Writer,
  occasion: Occasion,
  told: readonly NoticeAlert[],
  routes: readonly RouteConfig[],
  now: number,
): void {
  for (const channel of new Set(routes.flatMap(({ channels }) => channels))) {
    const leading = routes.filter(({ channels }) => channels.includes(channel));
    // That a channel fails is not told to itself.
    const meant = told.filter(
      (alert) =>
        leading.some((route) => matchesRoute(route, alert)) &&
        !(alert.kind === 'failing-channel' && alert.evidence.channel === channel),
    );
    for (const group of grouped(meant)) {
      const names = leading
        .filter((route) => group.some((alert) => matchesRoute(route, alert)))
        .map(({ name }) => name);
      putMessage(tx, {
        channel,
        routes: names,
        notice: writeNotice(occasion, group, now),
        alertIds: group.map(({ id }) => id),
        occasion: [occasion, now, ...group.map(({ id, count }) => `${id} ${count}`)],
        now,
      });
    }
  }
}

/** Alerts of one kind and signer are one message. Of a kind with many signers, which strangers choose, the rest are one too. */
function grouped(told: readonly NoticeAlert[]): NoticeAlert[][] {
  const kinds = Map.groupBy(told, ({ kind }) => kind);
  return [...kinds.values()].flatMap((ofKind) => {
    const signers = Map.groupBy(ofKind, ({ evidence }) => JSON.stringify([evidence.identity, evidence.issuer]));
    const groups = [...signers.values()].map((group) => [...group]);
    const rest = groups.slice(MOST_GROUPS).flat();
    return rest.length === 0 ? groups : [...groups.slice(0, MOST_GROUPS), rest];
  });
}
