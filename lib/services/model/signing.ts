import { and, desc, eq, inArray, isNotNull, type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import type { Db } from '#db/client.ts';
import { artifacts } from '#db/schema/artifact.ts';
import { bundles } from '#db/schema/bundle.ts';
import { events } from '#db/schema/event.ts';
import { models, versions } from '#db/schema/model.ts';
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

/** Every verified signature over the files of these models' versions, ranked newest first within its model. */
export function rankedSignings(db: Db, modelIds: readonly string[]) {
  // By version, so that an index has all that is asked for: a plan that begins with the bundles reads all of them.
  const own = db
    .select({ id: versions.id })
    .from(versions)
    .where(inArray(versions.modelId, [...modelIds]));
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
    .where(and(isNotNull(bundles.versionId), eq(bundles.state, 'verified'), inArray(bundles.versionId, own)))
    .as('ranked');
}

/**
 * A value of a model's newest signature, for a query over `models`; null where nobody signed. It is one of the newest
 * version (`refreshModels`), and an index has it without the bundle.
 */
export function ofNewestSigning(db: Db, value: SQLiteColumn | SQL<number>): SQL {
  const newest = db
    .select({ value: sql`${value}` })
    .from(bundles)
    .where(and(eq(bundles.versionId, models.newestVersionId), eq(bundles.state, 'verified')))
    .orderBy(desc(signingTime), desc(bundles.id))
    .limit(1);
  return sql`${newest}`;
}
