import { manifestId } from '#lib/model-signing/manifest-id.ts';
import { type RootCandidates, rootCandidates } from '#lib/model-signing/roots.ts';
import { nobleSha256, type Sha256 } from '#lib/tlog/hash.ts';
import type { HashList } from './hash-list.ts';

export interface ListRoots extends RootCandidates {
  readonly manifestId: string;
}

/**
 * What a model of exactly these files would be known by: its OMS roots in both orders and its manifest id, lowercase hex.
 *
 * @returns null where a file has no digest. Empty files have none in lists of shards, as in manifests of shards.
 */
export function rootsOfList({ files, shardSize }: HashList, sha256: Sha256 = nobleSha256): ListRoots | null {
  const isUnknown = files.some(({ digests, size }) => digests.length === 0 && (shardSize === null || size !== 0));
  const resources = files.flatMap(({ digests }) => digests);
  if (isUnknown || resources.length === 0) return null;
  return { ...rootCandidates(resources, sha256), manifestId: manifestId(resources, sha256) };
}
