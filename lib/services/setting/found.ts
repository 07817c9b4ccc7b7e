import { count, eq, max } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
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

type Finder = (database: OpenDatabase) => Promise<readonly (readonly [string, SettingFound])[]>;

const FINDERS: Readonly<Record<SettingSectionKey, Finder>> = {
  watch: async ({ db }) =>
    db
      .select({ rule: eventMatches.rule, count: count(), at: max(events.occurredAt) })
      .from(eventMatches)
      .innerJoin(events, eq(events.id, eventMatches.eventId))
      .groupBy(eventMatches.rule)
      .all()
      .map(({ rule, count, at }) => {
        const href = `/events?rule=${encodeURIComponent(rule)}`;
        return [rule, { count, of: 'event', at, problem: null, href }];
      }),
  models: async (database) => {
    const policies = policiesInForce(database);
    const named = database.db.select({ name: models.name }).from(models).all();
    const byPolicy = Map.groupBy(named, ({ name }) => policies.policyFor(name)?.name ?? null);
    return [...byPolicy].flatMap(([policy, of]) =>
      policy === null ? [] : [[policy, { count: of.length, of: 'model', at: null, problem: null, href: null }]],
    );
  },
  sources: async (database) =>
    (await listSources(database)).map(({ name, accepted, refused, lastRunAt, error }) => {
      const href = `/sources?source=${encodeURIComponent(name)}`;
      return [name, { count: accepted + refused, of: 'file', at: lastRunAt, problem: error, href }];
    }),
};
