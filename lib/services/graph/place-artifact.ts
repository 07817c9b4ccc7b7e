import { eq } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { artifacts } from '#db/schema/artifact.ts';
import { type AliasRow, isAsserted, keyOf, ownAliases, type Placement, readAliases, readAliasesOf } from './alias.ts';
import { mergeArtifacts, moveLinksStating } from './merge-artifacts.ts';
import { makeArtifact, putAlias, resolveMention } from './resolve.ts';
import { UNSETTLED } from './unsettled.ts';

/**
 * Finds or makes the artifact that these aliases name. Artifacts that share an asserted alias become one: the one known
 * first. Stated aliases only find: a document that says that two digests are one thing makes nothing of it.
 * Its verdicts are those of before until `settleGraph` is given the id.
 *
 * @returns its id.
 * @throws {Error} without an alias.
 */
export function placeArtifact(tx: Writer, placement: Placement, now: number): number {
  const asserted = placement.aliases.filter(isAsserted);
  const [first] = asserted;
  if (!first) {
    const id = resolveMention(tx, { ...placement, byFile: false }, now);
    if (id === null) throw new Error('An artifact is known by one alias at least.');
    if (placement.name !== null) nameArtifact(tx, id, placement.name);
    return id;
  }
  const held = readAliases(tx, asserted);
  const aliasesOf = readAliasesOf(tx, [...new Set([...held.values()].map(({ artifactId }) => artifactId))]);
  const isOwn = (row: AliasRow) =>
    ownAliases(aliasesOf.get(row.artifactId) ?? []).some((own) => keyOf(own) === keyOf(row));
  const same = [...new Set([...held.values()].filter(isOwn).map(({ artifactId }) => artifactId))].sort((a, b) => a - b);
  const strangers = [...held.values()].filter((row) => !isOwn(row));

  const [oldest, ...others] = same;
  const wasKnown = same.some((id) => aliasesOf.get(id)?.some(isAsserted));
  const id = oldest ?? makeArtifact(tx, { kind: placement.kind, name: placement.name, alias: first }, now);
  for (const other of others) mergeArtifacts(tx, id, other);
  for (const row of strangers) moveLinksStating(tx, row, row.artifactId, id);
  const news = asserted.filter((alias) => {
    const row = held.get(keyOf(alias));
    return !row || !isAsserted(row);
  });
  for (const alias of news) putAlias(tx, alias, id, now);
  if (oldest !== undefined) describe(tx, id, placement, { wasKnown, isChanged: news.length > 0 || others.length > 0 });
  return id;
}

/** What was only mentioned takes its kind and name from what it turns out to be; what is known keeps its own. */
function describe(
  tx: Writer,
  id: number,
  { kind, name }: Placement,
  { wasKnown, isChanged }: { wasKnown: boolean; isChanged: boolean },
): void {
  if (!wasKnown) {
    tx.update(artifacts)
      .set({ kind, ...(name === null ? {} : { name }), signatureReason: UNSETTLED })
      .where(eq(artifacts.id, id))
      .run();
    return;
  }
  if (isChanged) tx.update(artifacts).set({ signatureReason: UNSETTLED }).where(eq(artifacts.id, id)).run();
  if (name !== null) nameArtifact(tx, id, name);
}

function nameArtifact(tx: Writer, id: number, name: string): void {
  const known = tx.select({ name: artifacts.name }).from(artifacts).where(eq(artifacts.id, id)).get();
  if (known?.name === null) tx.update(artifacts).set({ name }).where(eq(artifacts.id, id)).run();
}
