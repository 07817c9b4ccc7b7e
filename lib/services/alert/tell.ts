import { and, asc, eq, inArray, isNotNull, sql } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { alerts, digestItems, messageAlerts, messages } from '#db/schema/alert.ts';
import type { AlertsConfig } from '#lib/config/alerts-schema.ts';
import type { RouteConfig } from '#lib/config/route-schema.ts';
import { matchesRoute } from '#lib/notify/match-route.ts';
import type { NoticeAlert } from '#lib/notify/notice.ts';
import { type Occasion, writeNotice } from '#lib/notify/write-notice.ts';
import { putMessage } from '#lib/services/message/put.ts';
import { readAlert } from './stored-alert.ts';

const PAGE = 2000;
/** So many messages of one kind go to a channel at once; what is more becomes one. */
const MOST_GROUPS = 5;

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
        tx.insert(digestItems).values({ route: route.name, alertId: id, at: now }).onConflictDoNothing().run();
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
  const repeating = routes.filter(({ repeat, digest }) => repeat !== null && digest === 'immediately');
  if (repeating.length === 0) return;
  const open = tx.select().from(alerts).where(eq(alerts.state, 'new')).orderBy(asc(alerts.lastAt)).limit(PAGE).all();
  const due = new Map<RouteConfig, NoticeAlert[]>();
  for (const alert of open.map(readAlert)) {
    for (const route of repeating.filter((one) => matchesRoute(one, alert))) {
      const last = lastTold(tx, alert.id, route.channels);
      if (last !== null && last <= now - (route.repeat ?? 0)) due.set(route, [...(due.get(route) ?? []), alert]);
    }
  }
  for (const [route, told] of due) sendTo(tx, 'reminder', told, [route], now);
}

function lastTold(tx: Writer, alertId: string, channels: readonly string[]): number | null {
  const told = tx
    .select({ at: messages.createdAt })
    .from(messageAlerts)
    .innerJoin(messages, eq(messages.id, messageAlerts.messageId))
    .where(and(eq(messageAlerts.alertId, alertId), inArray(messages.channel, [...channels])))
    .all();
  return told.length === 0 ? null : Math.max(...told.map(({ at }) => at));
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
