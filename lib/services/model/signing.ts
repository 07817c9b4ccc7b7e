import { and, eq, isNotNull, type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import type { Db } from '#db/client.ts';
import { artifacts } from '#db/schema/artifact.ts';
import { bundles } from '#db/schema/bundle.ts';
import { events } from '#db/schema/event.ts';
import { versions } from '#db/schema/model.ts';
import type { ModelState } from '#lib/provenance/model-state.ts';

/** `proved`: our tail read the entry. `waiting`: the bundle's own proof says it is logged. `not-logged`: nothing says so. */
export type Logged = 'proved' | 'waiting' | 'not-logged';

/** When a bundle was signed as far as is proved, else when we first had it. */
export const signingTime = sql<number>`coalesce(${bundles.signedAt}, ${bundles.firstSeenAt})`;

/** The state of a signature by its event, where one is joined, and by the index that its bundle gives. */
export function loggedState(logIndex: SQLWrapper): SQL<Logged> {
  return sql<Logged>`CASE
    WHEN ${events.seenBy} = 'tail' THEN 'proved'
    WHEN ${logIndex} IS NOT NULL THEN 'waiting'
    ELSE 'not-logged' END`;
}

/** The state of a version by its artifact and its newest signature, where one is joined: `signedAt` is null without. */
export function modelState(signedAt: SQLWrapper, logIndex: SQLWrapper): SQL<ModelState> {
  return sql<ModelState>`CASE
    WHEN ${signedAt} IS NULL THEN 'unsigned'
    WHEN ${artifacts.signature} = 'unexpected' THEN 'unexpected'
    ELSE ${loggedState(logIndex)} END`;
}

/** Every verified signature over a version's files, ranked newest first within its model. */
export function rankedSignings(db: Db, condition?: SQL) {
  return db
    .select({
      modelId: versions.modelId,
      versionId: versions.id,
      eventId: bundles.eventId,
      logIndex: bundles.logIndex,
      at: signingTime.as('at'),
      san: bundles.san,
      issuer: bundles.issuer,
      rank: sql<number>`row_number() OVER (PARTITION BY ${versions.modelId} ORDER BY ${signingTime} DESC, ${bundles.id} DESC)`.as(
        'rank',
      ),
    })
    .from(bundles)
    .innerJoin(versions, eq(versions.id, bundles.versionId))
    .where(and(isNotNull(bundles.versionId), eq(bundles.state, 'verified'), condition))
    .as('ranked');
}
