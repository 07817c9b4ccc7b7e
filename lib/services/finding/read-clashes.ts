import { type AnyColumn, and, desc, eq, ne, notExists, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/sqlite-core';
import type { Writer } from '#db/client.ts';
import { versionFiles, versions } from '#db/schema/model.ts';
import { registrationConflicts, registrations } from '#db/schema/registration.ts';
import type { RegisteredClash } from '#lib/provenance/registration-findings.ts';

/** Of each kind, the newest: each is a finding, and nobody reads more. */
const LIMIT = 200;

/** Files that go by labels of a model's registrations and are others than were registered. */
export function readClashes(tx: Writer, modelId: string): RegisteredClash[] {
  return [...readOtherVersions(tx, modelId), ...readRefused(tx, modelId)];
}

const registered = alias(versions, 'registered');

function readOtherVersions(tx: Writer, modelId: string): RegisteredClash[] {
  return tx
    .select({
      label: registrations.label,
      registeredId: registered.id,
      registeredRoot: registered.root,
      otherRoot: versions.root,
      other: { versionId: versions.id, seenAs: versions.seenAs },
    })
    .from(versions)
    .innerJoin(registrations, and(eq(registrations.modelId, modelId), eq(registrations.label, versions.label)))
    .innerJoin(registered, eq(registered.id, registrations.versionId))
    .where(
      and(
        eq(versions.modelId, modelId),
        ne(versions.id, registrations.versionId),
        // The same files in the other order of roots are one artifact; what was hashed in another way says nothing.
        sql`${versions.artifactId} IS NOT ${registered.artifactId}`,
        eq(versions.method, registered.method),
        eq(versions.hashType, registered.hashType),
        sql`${algorithmOf(versions.id)} IS ${algorithmOf(registered.id)}`,
      ),
    )
    .orderBy(desc(versions.firstSeenAt), desc(versions.id))
    .limit(LIMIT)
    .all()
    .map((clash) => ({ ...clash, source: null }));
}

/** For shards it has their size. */
function algorithmOf(versionId: AnyColumn): SQL {
  return sql`(SELECT ${versionFiles.algorithm} FROM ${versionFiles} WHERE ${versionFiles.versionId} = ${versionId} AND ${versionFiles.position} = 0)`;
}

/** Those that were since registered under a label of their own are settled. */
function readRefused(tx: Writer, modelId: string): RegisteredClash[] {
  const since = alias(registrations, 'since');
  const ofSince = alias(versions, 'of_since');
  const settled = tx
    .select({ one: sql`1` })
    .from(since)
    .innerJoin(ofSince, eq(ofSince.id, since.versionId))
    .where(and(eq(since.modelId, modelId), eq(ofSince.root, registrationConflicts.root)));
  return tx
    .select({
      label: registrations.label,
      registeredId: registered.id,
      registeredRoot: registered.root,
      otherRoot: registrationConflicts.root,
      source: registrationConflicts.source,
    })
    .from(registrationConflicts)
    .innerJoin(registrations, eq(registrations.id, registrationConflicts.registrationId))
    .innerJoin(registered, eq(registered.id, registrations.versionId))
    .where(and(eq(registrations.modelId, modelId), notExists(settled)))
    .orderBy(desc(registrationConflicts.lastAt), desc(registrationConflicts.id))
    .limit(LIMIT)
    .all()
    .map((clash) => ({ ...clash, other: null }));
}
