import { and, desc, eq, inArray, isNull, type SQL, sql } from 'drizzle-orm';
import { union } from 'drizzle-orm/sqlite-core';
import type { Db } from '#db/client.ts';
import { artifactAliases, attestations } from '#db/schema/artifact.ts';
import { bundleSubjects, bundles } from '#db/schema/bundle.ts';
import { events } from '#db/schema/event.ts';
import { logs } from '#db/schema/log.ts';
import { versions } from '#db/schema/model.ts';
import { loggedState, signingTime } from './signing.ts';

/** Of one model; whoever signs more wants nobody to read them. */
const BUNDLE_LIMIT = 1000;

/** A verified bundle over a version's files or about it. */
export type ModelBundle = ReturnType<typeof selectBundles>[number];

/** Verified signatures over the files of the versions that `which` chooses, newest first. */
export function selectSigningsOf(db: Db, which: SQL): ModelBundle[] {
  const own = db.select({ id: versions.id }).from(versions).where(which);
  return selectBundles(db, inArray(bundles.versionId, own));
}

/** Verified statements, newest first, whose subject is any name of a version: its root, its manifest, its only file. */
export function selectAttestationsOf(db: Db, which: SQL): (ModelBundle & { about: string })[] {
  const roots = db
    .select({
      versionId: versions.id,
      algorithm: sql<string>`'sha256'`.as('named_algorithm'),
      digest: sql<string>`${versions.root}`.as('named_digest'),
    })
    .from(versions)
    .where(which);
  const aliases = db
    .select({
      versionId: versions.id,
      algorithm: sql<string>`${artifactAliases.scheme}`.as('named_algorithm'),
      digest: sql<string>`${artifactAliases.value}`.as('named_digest'),
    })
    .from(versions)
    .innerJoin(artifactAliases, eq(artifactAliases.artifactId, versions.artifactId))
    .where(which);
  const names = union(roots, aliases).as('names');
  const named = db
    .selectDistinct({ bundleId: bundleSubjects.bundleId, about: names.versionId })
    .from(names)
    .innerJoin(
      bundleSubjects,
      and(eq(bundleSubjects.digest, names.digest), eq(bundleSubjects.algorithm, names.algorithm)),
    )
    .innerJoin(bundles, eq(bundles.id, bundleSubjects.bundleId))
    .where(isNull(bundles.versionId))
    .limit(BUNDLE_LIMIT)
    .all();
  const about = Map.groupBy(named, ({ bundleId }) => bundleId);
  const found = selectBundles(db, inArray(bundles.id, [...about.keys()]));
  return found.flatMap((bundle) => (about.get(bundle.bundleId) ?? []).map((row) => ({ ...bundle, about: row.about })));
}

function selectBundles(db: Db, condition: SQL) {
  return db
    .select({
      bundleId: bundles.id,
      versionId: bundles.versionId,
      at: signingTime,
      signedAt: bundles.signedAt,
      signedAtSource: bundles.signedAtSource,
      method: bundles.method,
      san: bundles.san,
      issuer: bundles.issuer,
      predicateType: bundles.predicateType,
      /** What kind of statement it is, where we understand it. */
      kind: attestations.kind,
      logged: loggedState(bundles.logIndex),
      eventId: events.id,
      authenticity: events.authenticity,
      origin: logs.origin,
      logIndex: events.logIndex,
    })
    .from(bundles)
    .leftJoin(attestations, eq(attestations.bundleId, bundles.id))
    .leftJoin(events, eq(events.id, bundles.eventId))
    .leftJoin(logs, eq(logs.id, events.logId))
    .where(and(eq(bundles.state, 'verified'), condition))
    .orderBy(desc(signingTime), desc(bundles.id))
    .limit(BUNDLE_LIMIT)
    .all();
}
