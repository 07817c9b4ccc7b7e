import { asc, eq, inArray } from 'drizzle-orm';
import type { Db } from '#db/client.ts';
import { artifacts } from '#db/schema/artifact.ts';
import { models, versionFiles, versions } from '#db/schema/model.ts';
import type { HashList } from '#lib/hash-list/hash-list.ts';
import type { KnownManifest } from '#lib/hash-list/hold-against.ts';
import type { OmsResource } from '#lib/model-signing/resource.ts';
import type { AnswerVersion } from '#lib/provenance/verification.ts';
import { inBatches } from '#lib/services/graph/batch.ts';

export interface KnownVersion extends Omit<AnswerVersion, 'matching'> {
  readonly modelId: string;
  readonly artifactId: number | null;
  readonly method: 'files' | 'shards';
  readonly hashType: string;
  readonly ignorePaths: readonly string[];
  /** Of the signature that counts, else when it was first seen. Milliseconds. */
  readonly at: number;
  /** Since when its verdict is what it is; null without a place in the graph. */
  readonly verdictSince: number | null;
  readonly weakest: (typeof artifacts.$inferSelect)['weakest'];
}

export function readKnownVersions(db: Db, versionIds: readonly string[]): KnownVersion[] {
  const read = inBatches((ids) =>
    db
      .select({ version: versions, artifact: artifacts, modelName: models.name, modelSlug: models.slug })
      .from(versions)
      .innerJoin(models, eq(models.id, versions.modelId))
      .leftJoin(artifacts, eq(artifacts.id, versions.artifactId))
      .where(inArray(versions.id, ids))
      .prepare(),
  );
  const rows = new Map(read(versionIds).map((row) => [row.version.id, row]));
  return [...rows.values()].map(({ version, artifact, ...model }) => ({
    ...model,
    modelId: version.modelId,
    versionId: version.id,
    artifactId: version.artifactId,
    label: version.label,
    root: version.root,
    seenAs: version.seenAs,
    method: version.method,
    hashType: version.hashType,
    fileCount: version.fileCount,
    ignorePaths: JSON.parse(version.ignorePaths) as string[],
    signature: artifact?.signature ?? 'unknown',
    signatureReason: artifact?.signatureReason ?? 'It has no place in the graph yet, so its signature is not judged.',
    at: artifact?.signedAt ?? version.firstSeenAt,
    verdictSince: artifact?.verdictSince ?? null,
    weakest: artifact?.weakest ?? null,
  }));
}

export interface StoredManifest extends KnownManifest {
  /** Bytes; null for whole files, and where each file is one shard, which any larger size would give. */
  readonly shardSize: number | null;
}

/** The files of a version as its manifest lists them. */
export function readManifest(db: Db, { versionId, method, ignorePaths }: KnownVersion): StoredManifest {
  const resources = db
    .select({ name: versionFiles.path, algorithm: versionFiles.algorithm, digest: versionFiles.digest })
    .from(versionFiles)
    .where(eq(versionFiles.versionId, versionId))
    .orderBy(asc(versionFiles.position))
    .all()
    .map((row) => (method === 'shards' ? withShard(row) : row));
  return { method, ignorePaths, resources, shardSize: shardSizeOf(resources) };
}

/** Whether digests of the two can be equal for equal files. */
export function isComparable(list: HashList, version: KnownVersion, manifest: StoredManifest): boolean {
  if (list.hashType !== version.hashType) return false;
  if ((list.shardSize === null) !== (version.method === 'files')) return false;
  return list.shardSize === null || manifest.shardSize === null || list.shardSize === manifest.shardSize;
}

/** Behind the last two colons, as `readResource` read it when the manifest came. */
function withShard(row: OmsResource): OmsResource {
  const [, path, start, end] = /^(.*):(\d{1,16}):(\d{1,16})$/s.exec(row.name) ?? [];
  return path === undefined ? row : { ...row, shard: { path, start: Number(start), end: Number(end) } };
}

function shardSizeOf(resources: readonly OmsResource[]): number | null {
  for (const { algorithm, shard } of resources) {
    const stated = /-sharded-(\d{1,16})$/.exec(algorithm)?.[1];
    if (stated !== undefined) return Number(stated);
    if (shard && shard.start > 0) return readSizeBefore(resources, shard.path);
  }
  return null;
}

/** The first shard of a file that has several is a whole one. */
function readSizeBefore(resources: readonly OmsResource[], path: string): number | null {
  return resources.find(({ shard }) => shard?.path === path && shard.start === 0)?.shard?.end ?? null;
}
