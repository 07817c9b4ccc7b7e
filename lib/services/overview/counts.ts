import { count, isNotNull } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { events } from '#db/schema/event.ts';
import { models, versions } from '#db/schema/model.ts';
import type { Authenticity, Claim } from '#lib/provenance/state.ts';

export interface Counts {
  readonly events: number;
  readonly models: number;
  readonly versions: number;
  /** Events of entries that could not be read. */
  readonly undecided: number;
  readonly byClaim: Readonly<Record<Claim, number>>;
  readonly byAuthenticity: Readonly<Record<Authenticity, number>>;
}

/** How much there is of everything. Exact: each is one walk over an index. */
export async function getCounts({ db }: OpenDatabase): Promise<Counts> {
  const claims = db.select({ claim: events.claim, count: count() }).from(events).groupBy(events.claim).all();
  const authenticities = db
    .select({ authenticity: events.authenticity, count: count() })
    .from(events)
    .groupBy(events.authenticity)
    .all();
  const byClaim = { model: 0, other: 0, probable: 0, unclaimed: 0 };
  for (const row of claims) byClaim[row.claim] = row.count;
  const byAuthenticity = { verified: 0, impersonation: 0, unverifiable: 0 };
  for (const row of authenticities) byAuthenticity[row.authenticity] = row.count;
  return {
    events: claims.reduce((sum, row) => sum + row.count, 0),
    models: db.select({ count: count() }).from(models).get()?.count ?? 0,
    undecided: db.select({ count: count() }).from(events).where(isNotNull(events.undecided)).get()?.count ?? 0,
    versions: db.select({ count: count() }).from(versions).get()?.count ?? 0,
    byClaim,
    byAuthenticity,
  };
}
