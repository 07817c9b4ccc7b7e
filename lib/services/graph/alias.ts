import { and, eq, inArray } from 'drizzle-orm';
import type { Db, Writer } from '#db/client.ts';
import { artifactAliases } from '#db/schema/artifact.ts';
import { type AliasName, compareAliases } from '#lib/provenance/input-name.ts';
import type { ArtifactKind } from '#lib/provenance/link-state.ts';
import { groupBy, inBatches } from './batch.ts';

export type AliasRow = typeof artifactAliases.$inferSelect;
export type AliasKind = AliasRow['kind'];

/** One name of an artifact: digests in lowercase hex. */
export interface Alias extends AliasName {
  readonly kind: AliasKind;
}

/** A thing to find or to make. */
export interface Placement {
  readonly kind: ArtifactKind;
  /** A claim, for people. */
  readonly name: string | null;
  /**
   * Kinds other than `stated` and `name` are asserted to be one and the same thing: by mathematics over its bytes or by our
   * own look at a source. What a document says belongs in `stated`.
   */
  readonly aliases: readonly Alias[];
}

export const keyOf = ({ scheme, value }: AliasName): string => `${scheme}:${value}`;

/**
 * Whether an alias is known to be the artifact's, and not just said to be. A stated one finds its artifact only as long as
 * that is nothing but a mention; on others it only marks which links to look at again once the digest turns up.
 */
export function isAsserted({ kind }: { readonly kind: AliasKind }): boolean {
  return kind !== 'stated' && kind !== 'name';
}

/** Of all aliases of one artifact, those by which it is found. */
export function ownAliases<A extends Alias>(aliases: readonly A[]): readonly A[] {
  const asserted = aliases.filter(isAsserted);
  return asserted.length > 0 ? asserted : [...aliases].sort(compareAliases).slice(0, 1);
}

/** Who holds each of these, by `keyOf`. */
export function readAliases(tx: Writer | Db, names: readonly AliasName[]): Map<string, AliasRow> {
  const found = new Map<string, AliasRow>();
  for (const [scheme, ofScheme] of groupBy(names, (name) => name.scheme)) {
    const read = inBatches((values) =>
      tx
        .select()
        .from(artifactAliases)
        .where(and(eq(artifactAliases.scheme, scheme), inArray(artifactAliases.value, values)))
        .prepare(),
    );
    for (const row of read(ofScheme.map(({ value }) => value))) found.set(keyOf(row), row);
  }
  return found;
}

/** All aliases of artifacts, by artifact. */
export function readAliasesOf(tx: Writer | Db, artifactIds: readonly number[]): Map<number, AliasRow[]> {
  const read = inBatches((ids) =>
    tx.select().from(artifactAliases).where(inArray(artifactAliases.artifactId, ids)).prepare(),
  );
  return groupBy(read(artifactIds), ({ artifactId }) => artifactId);
}
