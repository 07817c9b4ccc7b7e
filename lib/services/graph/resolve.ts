import { and, asc, eq, isNotNull, sql } from 'drizzle-orm';
import type { Db, Writer } from '#db/client.ts';
import { artifactAliases, artifacts } from '#db/schema/artifact.ts';
import { versionFiles, versions } from '#db/schema/model.ts';
import { type AliasName, compareAliases } from '#lib/provenance/input-name.ts';
import type { ArtifactKind } from '#lib/provenance/link-state.ts';
import { type Alias, isAsserted, keyOf, ownAliases, readAliases, readAliasesOf } from './alias.ts';

/**
 * The artifact that digests of one thing name: by an asserted alias, else (`byFile`) as a file of a known version, else the
 * mention that stands under the first of them. `names` in the order of `compareAliases`; the first that is known decides.
 */
export function resolveDigests(tx: Writer | Db, names: readonly AliasName[], byFile: boolean): number | null {
  const held = readAliases(tx, names);
  for (const name of names) {
    const holder = held.get(keyOf(name));
    if (holder && isAsserted(holder)) return holder.artifactId;
    const container = byFile ? artifactContaining(tx, name) : null;
    if (container !== null) return container;
  }
  const [first] = names;
  const holder = first && held.get(keyOf(first));
  if (!first || !holder) return null;
  const own = ownAliases(readAliasesOf(tx, [holder.artifactId]).get(holder.artifactId) ?? []);
  return own.some((alias) => keyOf(alias) === keyOf(first)) ? holder.artifactId : null;
}

/** The artifact of a version that lists a file with this digest; of several the one whose signature was logged first. */
export function artifactContaining(tx: Writer | Db, { scheme, value }: AliasName): number | null {
  const found = tx
    .select({ id: artifacts.id })
    .from(versionFiles)
    .innerJoin(versions, eq(versions.id, versionFiles.versionId))
    .innerJoin(artifacts, eq(artifacts.id, versions.artifactId))
    .where(and(eq(versionFiles.digest, value), eq(versionFiles.algorithm, scheme), isNotNull(versions.artifactId)))
    .orderBy(asc(sql`${artifacts.signedAt} IS NULL`), asc(artifacts.signedAt), asc(artifacts.id))
    .limit(1)
    .get();
  return found?.id ?? null;
}

/** Makes an artifact known by one alias; one that was only stated of another moves here. */
export function makeArtifact(
  tx: Writer,
  { kind, name, alias }: { kind: ArtifactKind; name: string | null; alias: Alias },
  now: number,
): number {
  const { id } = tx
    .insert(artifacts)
    .values({ kind, name, verdictSince: now, firstSeenAt: now })
    .returning({ id: artifacts.id })
    .get();
  putAlias(tx, alias, id, now);
  return id;
}

/** Gives an alias to an artifact, whoever held it. */
export function putAlias(tx: Writer, { scheme, value, kind }: Alias, artifactId: number, now: number): void {
  tx.insert(artifactAliases)
    .values({ scheme, value, kind, artifactId, firstSeenAt: now })
    .onConflictDoUpdate({ target: [artifactAliases.scheme, artifactAliases.value], set: { artifactId, kind } })
    .run();
}

export interface Mention {
  readonly kind: ArtifactKind;
  readonly name: string | null;
  readonly aliases: readonly Alias[];
  /**
   * Whether a file stands for the version that lists it. It does as an input; a statement about a file that many
   * versions share is about none of them.
   */
  readonly byFile: boolean;
}

/** The artifact that stated names and digests find, made where there is none; null without any. */
export function resolveMention(tx: Writer, mention: Mention, now: number): number | null {
  const digests = mention.aliases.filter(({ kind }) => kind !== 'name').sort(compareAliases);
  const alias = digests[0] ?? mention.aliases[0];
  if (!alias) return null;
  const found =
    digests.length > 0
      ? resolveDigests(tx, digests, mention.byFile)
      : (readAliases(tx, [alias]).get(keyOf(alias))?.artifactId ?? null);
  return found ?? makeArtifact(tx, { kind: mention.kind, name: mention.name, alias }, now);
}
