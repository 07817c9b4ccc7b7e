import { eq, inArray } from 'drizzle-orm';
import type { Db, Writer } from '#db/client.ts';
import { links } from '#db/schema/artifact.ts';
import { bundleSubjects, bundles } from '#db/schema/bundle.ts';
import { versions } from '#db/schema/model.ts';
import { type AliasName, digestAlias } from '#lib/provenance/input-name.ts';
import { keyOf, ownAliases, readAliases, readAliasesOf } from './alias.ts';
import { groupBy, inBatches } from './batch.ts';

/**
 * Known artifacts that a bundle is about: whose files, digest or description it signs, or whose inputs it states. Give
 * them to `settleGraph` when the bundle comes, goes, or is joined with an event that a watch rule met.
 */
export function artifactsOfBundle(tx: Writer | Db, bundleId: string): number[] {
  return artifactsOfBundles(tx, [bundleId]).get(bundleId) ?? [];
}

/** As `artifactsOfBundle`, of many, by bundle. Bundles that are not known are not in it. */
export function artifactsOfBundles(tx: Writer | Db, bundleIds: readonly string[]): Map<string, number[]> {
  const found = new Map<string, Set<number>>();
  const signed = groupBy(readSigned(tx, bundleIds), ({ id }) => id);
  for (const [id, rows] of signed) found.set(id, new Set(rows.flatMap(({ artifactId }) => artifactId ?? [])));
  for (const { id, childId } of readStated(tx, bundleIds)) found.get(id ?? '')?.add(childId);
  const digests = [
    ...readSubjects(tx, bundleIds).map((subject) => ({ id: subject.bundleId, name: digestAlias('code', subject) })),
    ...[...signed.values()].flat().flatMap((row) => messageDigests(row).map((name) => ({ id: row.id, name }))),
  ].flatMap(({ id, name }) => (name === null ? [] : [{ id, name }]));
  const owners = ownersOf(
    tx,
    digests.map(({ name }) => name),
  );
  for (const { id, name } of digests) {
    const owner = owners.get(keyOf(name));
    if (owner !== undefined) found.get(id)?.add(owner);
  }
  return new Map([...found].map(([id, artifactIds]) => [id, [...artifactIds]]));
}

function readSigned(tx: Writer | Db, bundleIds: readonly string[]) {
  const read = inBatches<string, SignedDigests & { id: string; artifactId: number | null }>((ids) =>
    tx
      .select({
        id: bundles.id,
        content: bundles.content,
        sha256: bundles.signedSha256,
        sha384: bundles.signedSha384,
        sha512: bundles.signedSha512,
        artifactId: versions.artifactId,
      })
      .from(bundles)
      .leftJoin(versions, eq(versions.id, bundles.versionId))
      .where(inArray(bundles.id, ids))
      .prepare(),
  );
  return read(bundleIds);
}

function readStated(tx: Writer | Db, bundleIds: readonly string[]) {
  const read = inBatches<string, { id: string | null; childId: number }>((ids) =>
    tx
      .selectDistinct({ id: links.bundleId, childId: links.childId })
      .from(links)
      .where(inArray(links.bundleId, ids))
      .prepare(),
  );
  return read(bundleIds);
}

function readSubjects(tx: Writer | Db, bundleIds: readonly string[]) {
  const read = inBatches<string, typeof bundleSubjects.$inferSelect>((ids) =>
    tx.select().from(bundleSubjects).where(inArray(bundleSubjects.bundleId, ids)).prepare(),
  );
  return read(bundleIds);
}

interface SignedDigests {
  readonly content: 'dsse' | 'message';
  readonly sha256: string | null;
  readonly sha384: string | null;
  readonly sha512: string | null;
}

function messageDigests({ content, ...digests }: SignedDigests): AliasName[] {
  if (content !== 'message') return [];
  const { sha256, sha384, sha512 } = digests;
  return Object.entries({ sha256, sha384, sha512 }).flatMap(([scheme, value]) =>
    value === null ? [] : [{ scheme, value }],
  );
}

/** Whose own digest each of these is, by `keyOf`. */
function ownersOf(tx: Writer | Db, names: readonly AliasName[]): Map<string, number> {
  const held = [...readAliases(tx, names).values()];
  const aliases = readAliasesOf(tx, [...new Set(held.map(({ artifactId }) => artifactId))]);
  const isOwn = (row: (typeof held)[number]) =>
    ownAliases(aliases.get(row.artifactId) ?? []).some((own) => keyOf(own) === keyOf(row));
  return new Map(held.filter(isOwn).map((row) => [keyOf(row), row.artifactId]));
}
