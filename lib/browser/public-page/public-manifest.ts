import type { KnownManifest } from '#lib/hash-list/hold-against.ts';
import { type HashType, isHashType, type OmsResource } from '#lib/model-signing/resource.ts';

export interface FetchedManifest extends KnownManifest {
  readonly hashType: HashType;
  /** Bytes; null for whole files. */
  readonly shardSize: number | null;
}

/** As many as a version may have; a page holds files against no more. */
const MOST = 1_000_000;

/**
 * Reads the list of a public page (`manifest.json`). It comes from the server that the page came from, and is still read
 * with care: an answer of something between the two must not look like a list.
 *
 * @throws where it is none.
 */
export function readPublicManifest(value: unknown): FetchedManifest {
  const { format, method, hashType, shardSize, ignorePaths, resources } = asObject(value);
  if (format !== 'modeltrail.public-manifest/v1') throw new Error('The list of the page is of another form');
  if (method !== 'files' && method !== 'shards') throw new Error('The list says no method');
  if (!isHashType(hashType)) throw new Error('The list names no hash that is known');
  if (shardSize !== null && !(typeof shardSize === 'number' && Number.isSafeInteger(shardSize) && shardSize > 0)) {
    throw new Error('The list has a wrong shard size');
  }
  if (!Array.isArray(resources) || resources.length > MOST) throw new Error('The list has no files');
  if (!Array.isArray(ignorePaths)) throw new Error('The list has no ignored paths');
  return {
    method,
    hashType,
    shardSize,
    ignorePaths: ignorePaths.filter((path) => typeof path === 'string'),
    resources: resources.map(readResource),
  };
}

function readResource(value: unknown): OmsResource {
  const { name, algorithm, digest, shard } = asObject(value);
  if (typeof name !== 'string' || typeof algorithm !== 'string' || typeof digest !== 'string') {
    throw new Error('The list has a file without its digest');
  }
  if (shard === undefined) return { name, algorithm, digest };
  const { path, start, end } = asObject(shard);
  if (typeof path !== 'string' || typeof start !== 'number' || typeof end !== 'number') {
    throw new Error('The list has a part of a file without its place');
  }
  return { name, algorithm, digest, shard: { path, start, end } };
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new Error('The list of the page cannot be read');
  return value as Readonly<Record<string, unknown>>;
}
