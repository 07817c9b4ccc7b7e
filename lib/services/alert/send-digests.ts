import { and, asc, eq, gt, inArray, lt } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { alerts, digestItems } from '#db/schema/alert.ts';
import type { AlertsConfig } from '#lib/config/alerts-schema.ts';
import type { Digest, RouteConfig } from '#lib/config/route-schema.ts';
import { writeNotice } from '#lib/notify/write-notice.ts';
import { putMessage } from '#lib/services/message/put.ts';
import { moveCursor, readCursor } from './cursor.ts';
import { readAlert } from './stored-alert.ts';

const HOUR = 3_600_000;
/** When a digest is due, after the start of each period in UTC. */
const PERIODS: Readonly<Record<Exclude<Digest, 'immediately'>, { readonly length: number; readonly offset: number }>> =
  {
    hourly: { length: HOUR, offset: 0 },
    daily: { length: 24 * HOUR, offset: 6 * HOUR },
  };

const PAGE = 5000;

/** The period that a time belongs to, counted from the epoch. */
export function periodOf(digest: Exclude<Digest, 'immediately'>, at: number): number {
  const { length, offset } = PERIODS[digest];
  return Math.floor((at - offset) / length);
}

/** Puts the digests that are due into the outbox; what waits for a route that is gone is dropped. */
export function sendDigests(tx: Writer, { routes }: Pick<AlertsConfig, 'routes'>, now: number): void {
  for (let name = routeAfter(tx, ''); name !== null; name = routeAfter(tx, name)) {
    const route = routes.find((one) => one.name === name);
    if (route && !isDue(tx, route, now)) continue;
    const items = tx
      .select({ at: digestItems.at, alert: alerts })
      .from(digestItems)
      .innerJoin(alerts, eq(alerts.id, digestItems.alertId))
      .where(eq(digestItems.route, name))
      .orderBy(asc(digestItems.at))
      .limit(PAGE)
      .all();
    const told = items.map(({ alert }) => readAlert(alert));
    for (const channel of route?.channels ?? []) {
      putMessage(tx, {
        channel,
        routes: [name],
        notice: writeNotice('digest', told, now),
        alertIds: told.map(({ id }) => id),
        occasion: ['digest', name, now],
        now,
      });
    }
    tx.delete(digestItems)
      .where(
        and(
          eq(digestItems.route, name),
          inArray(
            digestItems.alertId,
            told.map(({ id }) => id),
          ),
        ),
      )
      .run();
  }
}

/** The next route for which something waits: one step in an index each, however much does. */
function routeAfter(tx: Writer, name: string): string | null {
  const next = tx
    .select({ route: digestItems.route })
    .from(digestItems)
    .where(gt(digestItems.route, name))
    .orderBy(asc(digestItems.route))
    .limit(1)
    .get();
  return next?.route ?? null;
}

/** Whether something waits from before the period of now. A route that now tells immediately gives out at once what waited. */
function isDue(tx: Writer, { name, digest }: RouteConfig, now: number): boolean {
  if (digest === 'immediately') return true;
  const { length, offset } = PERIODS[digest];
  const start = periodOf(digest, now) * length + offset;
  // What is put beside it from now on is of this period: looking for what is older once will do.
  const looked = `digest ${digest} ${name}`;
  if (readCursor(tx, looked) === start) return false;
  const past = and(eq(digestItems.route, name), lt(digestItems.at, start));
  if (tx.select({ at: digestItems.at }).from(digestItems).where(past).limit(1).get() !== undefined) return true;
  moveCursor(tx, looked, start);
  return false;
}
