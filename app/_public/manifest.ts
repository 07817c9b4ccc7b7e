import type { OpenDatabase } from '#db/client.ts';
import { checksumLine } from '#lib/hash-list/write-checksum-line.ts';
import { isHashType } from '#lib/model-signing/resource.ts';
import type { Shared } from '#lib/services/sharing/find-publication.ts';
import { getPublicManifest } from '#lib/services/sharing/get-public-manifest.ts';
import { sumsName } from './files-section.ts';
import type { PublicAnswer } from './respond.ts';

type Answer = Omit<PublicAnswer, 'caching'> | null;

/** All files with their digests, one a line: what the page's script holds files against. */
export function manifestJson(database: OpenDatabase, shared: Shared, key: string | null): Answer {
  const manifest = getPublicManifest(database, shared, key);
  if (!manifest) return null;
  const { resources, ...head } = manifest;
  const lines = resources.map(({ name, algorithm, digest, shard }) =>
    JSON.stringify({ name, algorithm, digest, ...(shard && { shard }) }),
  );
  const start = JSON.stringify({ format: 'modeltrail.public-manifest/v1', ...head }).slice(0, -1);
  const body = `${start},"resources":[\n${lines.join(',\n')}\n]}\n`;
  return { type: 'application/json; charset=utf-8', body, file: 'manifest.json', isForOthers: true };
}

/** The same as sha256sum, b2sum and b3sum take it, where the files were hashed whole. */
export function manifestSums(database: OpenDatabase, shared: Shared, key: string | null, name: string): Answer {
  const manifest = getPublicManifest(database, shared, key);
  if (manifest?.method !== 'files') return null;
  const { hashType, resources } = manifest;
  if (!isHashType(hashType) || sumsName(hashType) !== name) return null;
  const body = resources.map((resource) => `${checksumLine(resource, hashType, false)}\n`).join('');
  return { type: 'text/plain; charset=utf-8', body, file: name, isForOthers: true };
}
