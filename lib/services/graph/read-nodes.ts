import { and, asc, eq, inArray } from 'drizzle-orm';
import type { Db } from '#db/client.ts';
import { artifacts } from '#db/schema/artifact.ts';
import { models, versions } from '#db/schema/model.ts';
import type { ChainNode } from '#lib/provenance/chain.ts';
import type { SignatureState } from '#lib/provenance/link-state.ts';
import type { ArtifactSignature } from '#lib/provenance/own-signature.ts';
import { type AliasKind, type AliasRow, readAliasesOf } from './alias.ts';
import { inBatches } from './batch.ts';
import { readSignatures } from './read-signatures.ts';

/** By which alias an artifact's page is found, the best first. */
const ALIAS_ORDER: readonly AliasKind[] = [
  'oms-root',
  'file',
  'oci-manifest',
  'manifest-id',
  'other-order-root',
  'commit',
  'repository',
  'stated',
  'name',
];

/** Artifacts as nodes of a chain, in the order of `placed`: id and distance from the focus. */
export function readNodes(db: Db, placed: ReadonlyMap<number, number>): ChainNode[] {
  const ids = [...placed.keys()];
  const read = inBatches<number, typeof artifacts.$inferSelect>((keys) =>
    db.select().from(artifacts).where(inArray(artifacts.id, keys)).prepare(),
  );
  const rows = new Map(read(ids).map((row) => [row.id, row]));
  const aliases = readAliasesOf(db, ids);
  const signatures = readSignatures(db, ids);
  const known = readVersions(db, ids);
  return [...placed].flatMap(([id, distance]): ChainNode[] => {
    const row = rows.get(id);
    if (!row) return [];
    const { firstSeenAt: _, ...artifact } = row;
    const deciding = decidingSignature(row.signature, row.signedAt, signatures.get(id)?.signatures ?? []);
    const signer = deciding?.san === null || deciding === null ? null : { san: deciding.san, issuer: deciding.issuer };
    return [{ ...artifact, ...bestAlias(aliases.get(id) ?? []), model: known.get(id) ?? null, signer, distance }];
  });
}

/** Every artifact has one; the numbers of one that lost its last are worth no exception. */
function bestAlias(aliases: readonly AliasRow[]): { scheme: string; value: string } {
  const [best] = [...aliases].sort(
    (a, b) => ALIAS_ORDER.indexOf(a.kind) - ALIAS_ORDER.indexOf(b.kind) || (a.value < b.value ? -1 : 1),
  );
  return { scheme: best?.scheme ?? 'name', value: best?.value ?? '' };
}

/** The signature that a settled state is of: the settled time tells which. */
export function decidingSignature(
  state: SignatureState,
  signedAt: number | null,
  signatures: readonly ArtifactSignature[],
): ArtifactSignature | null {
  if (state === 'unsigned' || state === 'unknown') return null;
  const eligible = signatures
    .filter(({ method }) => state === 'unexpected' || (method === 'sigstore') === (state === 'verified'))
    .sort((a, b) => (a.signedAt ?? Infinity) - (b.signedAt ?? Infinity) || (a.bundleId < b.bundleId ? -1 : 1));
  return eligible.find((signature) => signature.signedAt === signedAt) ?? eligible[0] ?? null;
}

/** The version seen first under each artifact, with its model. */
function readVersions(db: Db, ids: readonly number[]): Map<number, ChainNode['model']> {
  const read = inBatches((keys) =>
    db
      .select({
        artifactId: versions.artifactId,
        slug: models.slug,
        name: models.name,
        versionId: versions.id,
        label: versions.label,
      })
      .from(versions)
      .innerJoin(models, and(eq(models.id, versions.modelId)))
      .where(inArray(versions.artifactId, keys))
      .orderBy(asc(versions.firstSeenAt), asc(versions.id))
      .prepare(),
  );
  const first = new Map<number, ChainNode['model']>();
  for (const { artifactId, ...model } of read(ids)) {
    if (artifactId !== null && !first.has(artifactId)) first.set(artifactId, model);
  }
  return first;
}
