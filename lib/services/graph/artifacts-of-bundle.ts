import { eq } from 'drizzle-orm';
import type { Db, Writer } from '#db/client.ts';
import { links } from '#db/schema/artifact.ts';
import { bundleSubjects, bundles } from '#db/schema/bundle.ts';
import { versions } from '#db/schema/model.ts';
import { type AliasName, digestAlias } from '#lib/provenance/input-name.ts';
import { keyOf, ownAliases, readAliases, readAliasesOf } from './alias.ts';

/**
 * Known artifacts that a bundle is about: whose files, digest or description it signs, or whose inputs it states. Give
 * them to `settleGraph` when the bundle comes, goes, or is joined with an event that a watch rule met.
 */
export function artifactsOfBundle(tx: Writer | Db, bundleId: string): number[] {
  const bundle = tx.select().from(bundles).where(eq(bundles.id, bundleId)).get();
  if (!bundle) return [];
  const version = tx
    .select({ id: versions.artifactId })
    .from(versions)
    .where(eq(versions.id, bundle.versionId ?? ''))
    .get();
  const children = tx.selectDistinct({ id: links.childId }).from(links).where(eq(links.bundleId, bundleId)).all();
  const subjects = tx.select().from(bundleSubjects).where(eq(bundleSubjects.bundleId, bundleId)).all();
  const signed: AliasName[] = [
    ...subjects.flatMap((subject) => digestAlias('code', subject) ?? []),
    ...(bundle.content === 'message' ? messageDigests(bundle) : []),
  ];
  const found = new Set(children.map(({ id }) => id));
  if (version?.id != null) found.add(version.id);
  const held = [...readAliases(tx, signed).values()];
  const aliases = readAliasesOf(tx, [...new Set(held.map(({ artifactId }) => artifactId))]);
  for (const row of held) {
    if (ownAliases(aliases.get(row.artifactId) ?? []).some((own) => keyOf(own) === keyOf(row)))
      found.add(row.artifactId);
  }
  return [...found];
}

function messageDigests(bundle: typeof bundles.$inferSelect): AliasName[] {
  const digests = { sha256: bundle.signedSha256, sha384: bundle.signedSha384, sha512: bundle.signedSha512 };
  return Object.entries(digests).flatMap(([scheme, value]) => (value === null ? [] : [{ scheme, value }]));
}
