import { and, count, desc, eq, exists, inArray, max } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { messages } from '#db/schema/alert.ts';
import { eventMatches, events } from '#db/schema/event.ts';
import { models } from '#db/schema/model.ts';
import type { SettingSectionKey } from '#lib/config/setting-sections.ts';
import { policiesInForce } from '#lib/services/config/policies-in-force.ts';
import { listSources } from '#lib/services/source/list-sources.ts';

/** What an item has come to. */
export interface SettingFound {
  readonly count: number;
  /** What is counted, one of it: `event`, `model`, `file`. */
  readonly of: string;
  /** Milliseconds since the epoch: the newest of them, or the last look; null where there is none. */
  readonly at: number | null;
  /** Why the last look failed; null where it did not, or nothing is looked at. */
  readonly problem: string | null;
  /** The page that lists them; null where there is none. */
  readonly href: string | null;
}

/** What the items of a list that are in force have come to, by their names. */
export async function settingsFound(
  database: OpenDatabase,
  section: SettingSectionKey,
): Promise<ReadonlyMap<string, SettingFound>> {
  return new Map(await FINDERS[section](database));
}

/** The page of the ways out, with what they delivered. */
const CHANNELS = '/alerts/channels';
const namesSchema = z.array(z.string()).catch([]);

type Finder = (database: OpenDatabase) => Promise<readonly (readonly [string, SettingFound])[]>;

const FINDERS: Readonly<Record<SettingSectionKey, Finder>> = {
  watch: async ({ db }) => {
    const counts = db
      .select({ rule: eventMatches.rule, count: count() })
      .from(eventMatches)
      .groupBy(eventMatches.rule)
      .all();
    const all = counts.reduce((sum, rule) => sum + rule.count, 0);
    return counts.map(({ rule, count }) => {
      const href = `/events?rule=${encodeURIComponent(rule)}`;
      return [rule, { count, of: 'event', at: newestMatch(db, rule, count, all), problem: null, href }];
    });
  },
  models: async (database) => {
    const policies = policiesInForce(database);
    const named = database.db.select({ name: models.name }).from(models).all();
    const byPolicy = Map.groupBy(named, ({ name }) => policies.policyFor(name)?.name ?? null);
    return [...byPolicy].flatMap(([policy, of]) =>
      policy === null ? [] : [[policy, { count: of.length, of: 'model', at: null, problem: null, href: null }]],
    );
  },
  channels: async ({ db }) =>
    db
      .select({ channel: messages.channel, count: count(), at: max(messages.createdAt) })
      .from(messages)
      .groupBy(messages.channel)
      .all()
      .map(({ channel, count, at }) => [channel, { count, of: 'message', at, problem: null, href: CHANNELS }]),
  routes: async ({ db }) => {
    // Few combinations of routes ever lead to one message.
    const rows = db
      .select({ routes: messages.routes, count: count(), at: max(messages.createdAt) })
      .from(messages)
      .groupBy(messages.routes)
      .all();
    const found = new Map<string, SettingFound>();
    for (const { routes, count, at } of rows) {
      for (const route of namesSchema.parse(JSON.parse(routes))) {
        const before = found.get(route);
        const latest = Math.max(before?.at ?? 0, at ?? 0);
        found.set(route, {
          count: (before?.count ?? 0) + count,
          of: 'message',
          at: latest,
          problem: null,
          href: CHANNELS,
        });
      }
    }
    return [...found];
  },
  sources: async (database) =>
    (await listSources(database)).map(({ name, accepted, refused, lastRunAt, error }) => {
      const href = `/sources?source=${encodeURIComponent(name)}`;
      return [name, { count: accepted + refused, of: 'file', at: lastRunAt, problem: error, href }];
    }),
};

/**
 * When the newest event that met a rule was signed. Of rules that much meets it is among the newest events; of the others
 * all are looked at: either way far fewer than all events.
 */
function newestMatch(db: OpenDatabase['db'], rule: string, count: number, all: number): number | null {
  const ofRule = db.select({ id: eventMatches.eventId }).from(eventMatches);
  if (count * count < all) {
    const ids = ofRule.where(eq(eventMatches.rule, rule));
    return (
      db
        .select({ at: max(events.occurredAt) })
        .from(events)
        .where(inArray(events.id, ids))
        .get()?.at ?? null
    );
  }
  const isMet = exists(ofRule.where(and(eq(eventMatches.eventId, events.id), eq(eventMatches.rule, rule))));
  const newest = db.select({ at: events.occurredAt }).from(events).where(isMet);
  return newest.orderBy(desc(events.occurredAt)).limit(1).get()?.at ?? null;
}
