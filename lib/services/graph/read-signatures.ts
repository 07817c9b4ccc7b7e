import { eq, inArray } from 'drizzle-orm';
import type { Db, Writer } from '#db/client.ts';
import { artifacts, attestations, declarations } from '#db/schema/artifact.ts';
import { bundleSubjects, bundles } from '#db/schema/bundle.ts';
import { events } from '#db/schema/event.ts';
import { models, versions } from '#db/schema/model.ts';
import type { AttestationKind } from '#lib/attestation/facts.ts';
import { digestAlias } from '#lib/provenance/input-name.ts';
import type { ArtifactSignature, SignedArtifact } from '#lib/provenance/own-signature.ts';
import { type AliasRow, isAsserted, keyOf, ownAliases, readAliasesOf } from './alias.ts';
import { groupBy, inBatches } from './batch.ts';

/** Statements that describe the thing that is no model, and so sign it. */
const DESCRIBING: ReadonlySet<string> = new Set<AttestationKind>(['croissant', 'spdx', 'cyclonedx', 'slsa-provenance']);

// Whether a bundle verified is asked of what was read: as a condition, it makes SQLite read all verified bundles there are.
const SIGNER = {
  state: bundles.state,
  bundleId: bundles.id,
  method: bundles.method,
  san: bundles.san,
  issuer: bundles.issuer,
  signedAt: bundles.signedAt,
  signedAtSource: bundles.signedAtSource,
};

/** All verified signatures over each of these artifacts, and under which names models it is known. */
export function readSignatures(tx: Writer | Db, artifactIds: readonly number[]): Map<number, SignedArtifact> {
  const kinds = readKinds(tx, artifactIds);
  const aliases = readAliasesOf(tx, artifactIds);
  const named = readModelNames(tx, artifactIds);
  const declared = new Set(readDeclared(tx, artifactIds));
  const signatures = groupBy(
    [...readModelSignatures(tx, artifactIds), ...readByDigest(tx, aliases, kinds)],
    ({ artifactId }) => artifactId,
  );
  return new Map(
    [...kinds].map(([id, { kind, name }]) => {
      const found = signatures.get(id) ?? [];
      const names = named.get(id) ?? [];
      const isSeen =
        names.length > 0 || declared.has(id) || found.length > 0 || (aliases.get(id) ?? []).some(isAsserted);
      const over = found
        .filter((row) => row.by !== 'subject')
        .map(({ artifactId: _, ...row }) => row as ArtifactSignature);
      return [id, { kind, names: names.length > 0 || name === null ? names : [name], isSeen, signatures: over }];
    }),
  );
}

function readKinds(tx: Writer | Db, ids: readonly number[]) {
  const read = inBatches((keys) =>
    tx
      .select({ id: artifacts.id, kind: artifacts.kind, name: artifacts.name })
      .from(artifacts)
      .where(inArray(artifacts.id, keys))
      .prepare(),
  );
  return new Map(read(ids).map((row) => [row.id, row]));
}

/** Names under which artifacts are known as models, in order. */
export function readModelNames(tx: Writer | Db, artifactIds: readonly number[]): Map<number, string[]> {
  const read = inBatches((ids) =>
    tx
      .selectDistinct({ artifactId: versions.artifactId, name: models.name })
      .from(versions)
      .innerJoin(models, eq(models.id, versions.modelId))
      .where(inArray(versions.artifactId, ids))
      .prepare(),
  );
  const groups = groupBy(read(artifactIds), ({ artifactId }) => artifactId ?? 0);
  return new Map([...groups].map(([id, rows]) => [id, rows.map(({ name }) => name).sort()]));
}

function readDeclared(tx: Writer | Db, ids: readonly number[]): number[] {
  const read = inBatches((keys) =>
    tx
      .selectDistinct({ id: declarations.artifactId })
      .from(declarations)
      .where(inArray(declarations.artifactId, keys))
      .prepare(),
  );
  return read(ids).map(({ id }) => id);
}

type Found = Omit<ArtifactSignature, 'by'> & {
  readonly artifactId: number;
  readonly by: ArtifactSignature['by'] | 'subject';
};

/** Signatures over the files of a version. */
function readModelSignatures(tx: Writer | Db, ids: readonly number[]): Found[] {
  const read = inBatches((keys) =>
    tx
      .select({ artifactId: versions.artifactId, signedName: models.name, ...SIGNER })
      .from(versions)
      .innerJoin(models, eq(models.id, versions.modelId))
      .innerJoin(bundles, eq(bundles.versionId, versions.id))
      .where(inArray(versions.artifactId, keys))
      .prepare(),
  );
  return read(ids).flatMap(({ artifactId, state, ...row }) =>
    artifactId === null || state !== 'verified' ? [] : [{ ...row, artifactId, by: 'files' }],
  );
}

/** Signatures over a digest by which the artifact is known, and statements about it. */
function readByDigest(
  tx: Writer | Db,
  aliases: ReadonlyMap<number, readonly AliasRow[]>,
  kinds: ReadonlyMap<number, { kind: string }>,
): Found[] {
  const own = [...aliases.values()].flatMap(ownAliases);
  const holders = new Map(own.map((row) => [keyOf(row), row.artifactId]));
  const readStatements = inBatches((digests) =>
    tx
      .selectDistinct({
        algorithm: bundleSubjects.algorithm,
        digest: bundleSubjects.digest,
        kind: attestations.kind,
        ...SIGNER,
      })
      .from(bundleSubjects)
      .innerJoin(bundles, eq(bundles.id, bundleSubjects.bundleId))
      .innerJoin(attestations, eq(attestations.bundleId, bundles.id))
      .where(inArray(bundleSubjects.digest, digests))
      .prepare(),
  );
  const digests = own.map(({ value }) => value);
  return [...readMessages(tx, digests), ...readStatements(digests)].flatMap(
    ({ algorithm, digest, kind, state, ...row }): Found[] => {
      const alias = digest === null ? null : digestAlias('code', { algorithm: algorithm ?? '', digest });
      const artifactId = alias === null ? undefined : holders.get(keyOf(alias));
      if (artifactId === undefined || state !== 'verified') return [];
      const isModel = kinds.get(artifactId)?.kind === 'model';
      const by = kind === 'message' ? 'digest' : DESCRIBING.has(kind) && !isModel ? 'statement' : 'subject';
      return [{ ...row, artifactId, signedName: null, by }];
    },
  );
}

/** Signatures over bare digests. Two queries, not a join: SQLite would begin at the bundles, and read all of them. */
function readMessages(tx: Writer | Db, digests: readonly string[]) {
  const readEvents = inBatches<string, { id: string; algorithm: string | null; digest: string | null }>((keys) =>
    tx
      .select({ id: events.id, algorithm: events.digestAlgorithm, digest: events.digest })
      .from(events)
      .where(inArray(events.digest, keys))
      .prepare(),
  );
  const readBundles = inBatches((keys) =>
    tx
      .select({ eventId: bundles.eventId, kind: bundles.content, ...SIGNER })
      .from(bundles)
      .where(inArray(bundles.eventId, keys))
      .prepare(),
  );
  const logged = new Map(readEvents(digests).map((event) => [event.id, event]));
  return readBundles([...logged.keys()]).flatMap(({ eventId, kind, ...row }) => {
    const event = logged.get(eventId ?? '');
    return event && kind === 'message' ? [{ ...row, kind, algorithm: event.algorithm, digest: event.digest }] : [];
  });
}
