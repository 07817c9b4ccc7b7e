import { asc, eq, inArray } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '#db/client.ts';
import { artifacts } from '#db/schema/artifact.ts';
import { deployments } from '#db/schema/deployment.ts';
import { incidentArtifacts } from '#db/schema/incident.ts';
import { models, versions } from '#db/schema/model.ts';
import { type ArchivedAffected, type ArchivedArtifact, MAX_SIGNATURES } from '#lib/incident-archive/documents.ts';
import { TIER_ORDER } from '#lib/incident-archive/words.ts';
import { LINK_STATES } from '#lib/provenance/link-state.ts';
import { readAliasesOf } from '#lib/services/graph/alias.ts';
import { groupBy, inBatches } from '#lib/services/graph/batch.ts';
import { readSignatures } from '#lib/services/graph/read-signatures.ts';

/** By what people know a thing best. */
const ALIAS_KINDS = [
  'oms-root',
  'oci-manifest',
  'commit',
  'file',
  'stated',
  'manifest-id',
  'other-order-root',
  'repository',
  'name',
];
const orderOf = ({ kind }: { readonly kind: string }) => ALIAS_KINDS.indexOf(kind);

const pathSchema = z.array(
  z.object({
    artifactId: z.int(),
    linkId: z.int().nullable(),
    state: z.enum(LINK_STATES).nullable(),
    proofs: z.array(z.string()),
    because: z.string(),
  }),
);

/** A row of `incident_artifacts` with its path read. */
export interface StoredAffected extends Omit<typeof incidentArtifacts.$inferSelect, 'path'> {
  readonly path: z.infer<typeof pathSchema>;
}

/** What an incident reaches and once reached, by artifact. */
export function readAffected(db: Db, incidentId: string): StoredAffected[] {
  return db
    .select()
    .from(incidentArtifacts)
    .where(eq(incidentArtifacts.incidentId, incidentId))
    .orderBy(asc(incidentArtifacts.artifactId))
    .all()
    .map(({ path, ...row }) => ({ ...row, path: pathSchema.parse(JSON.parse(path)) }));
}

/** As the archive lists them: what runs first, then the surer, then by id. */
export function listAffected(
  stored: readonly StoredAffected[],
  described: ReadonlyMap<number, ArchivedArtifact>,
  linkOf: (affected: StoredAffected, step: number) => number | null,
): ArchivedAffected[] {
  const runs = (id: number) => described.get(id)?.deployments.some(({ endedAt }) => endedAt === null) === true;
  const ordered = [...stored].sort(
    (a, b) =>
      Number(runs(b.artifactId)) - Number(runs(a.artifactId)) ||
      TIER_ORDER.indexOf(a.tier) - TIER_ORDER.indexOf(b.tier) ||
      a.artifactId - b.artifactId,
  );
  return ordered.map((affected) => ({
    artifact: affected.artifactId,
    tier: affected.tier,
    path: affected.path.map(({ artifactId, state, proofs, because }, i) => ({
      artifact: artifactId,
      link: linkOf(affected, i),
      state: i === 0 ? null : state,
      proofs,
      because,
    })),
    addedAt: affected.addedAt,
    leftAt: affected.leftAt,
    joined: affected.joined,
    decision:
      affected.decision === null
        ? null
        : { decision: affected.decision, at: affected.decidedAt, reason: affected.decisionReason },
  }));
}

/** Artifacts with all that they are known by, who signed them and where they run, by id. */
export function describeArtifacts(db: Db, ids: readonly number[]): Map<number, ArchivedArtifact> {
  const read = inBatches((keys) => db.select().from(artifacts).where(inArray(artifacts.id, keys)).prepare());
  const rows = new Map(read(ids).map((row) => [row.id, row]));
  const aliases = readAliasesOf(db, ids);
  const versionsOf = groupBy(readVersions(db, ids), ({ artifactId }) => artifactId);
  const deployed = groupBy(readDeployments(db, ids), ({ artifactId }) => artifactId);
  const signed = readSignatures(db, ids);
  const described = [...new Set(ids)]
    .sort((a, b) => a - b)
    .map((id): ArchivedArtifact => {
      const row = rows.get(id);
      const signatures = [...(signed.get(id)?.signatures ?? [])].sort(
        (a, b) => (a.signedAt ?? Infinity) - (b.signedAt ?? Infinity) || (a.bundleId < b.bundleId ? -1 : 1),
      );
      return {
        id,
        kind: row?.kind ?? 'gone',
        name: row?.name ?? null,
        aliases: (aliases.get(id) ?? [])
          .map(({ scheme, value, kind }) => ({ scheme, value, kind }))
          .sort((a, b) => orderOf(a) - orderOf(b) || (`${a.scheme}:${a.value}` < `${b.scheme}:${b.value}` ? -1 : 1)),
        versions: (versionsOf.get(id) ?? []).map(({ model, label, root }) => ({ model, label, root })),
        signedBy: [...new Set(signatures.map(({ bundleId }) => bundleId))].slice(0, MAX_SIGNATURES),
        deployments: (deployed.get(id) ?? []).map(({ environment, service, startedAt, confirmedAt, endedAt }) => ({
          environment,
          service,
          startedAt,
          confirmedAt,
          endedAt,
        })),
      };
    });
  return new Map(described.map((artifact) => [artifact.id, artifact]));
}

function readVersions(db: Db, ids: readonly number[]) {
  const read = inBatches((keys) =>
    db
      .select({
        id: versions.id,
        artifactId: versions.artifactId,
        model: models.name,
        label: versions.label,
        root: versions.root,
      })
      .from(versions)
      .innerJoin(models, eq(models.id, versions.modelId))
      .where(inArray(versions.artifactId, keys))
      .prepare(),
  );
  return read(ids).sort((a, b) => (a.id < b.id ? -1 : 1));
}

function readDeployments(db: Db, ids: readonly number[]) {
  const read = inBatches((keys) =>
    db.select().from(deployments).where(inArray(deployments.artifactId, keys)).prepare(),
  );
  return read(ids).sort(
    (a, b) =>
      Number(a.endedAt !== null) - Number(b.endedAt !== null) ||
      (`${a.environment}\0${a.service}\0${a.id}` < `${b.environment}\0${b.service}\0${b.id}` ? -1 : 1),
  );
}
