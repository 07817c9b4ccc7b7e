import type { OpenDatabase } from '#db/client.ts';
import type { KnownManifest } from '#lib/hash-list/hold-against.ts';
import { readKnownVersions, readManifest } from '#lib/services/verification/known-version.ts';
import { findPublicVersion } from './find-public-version.ts';
import type { Shared } from './find-publication.ts';

/** All files of a public version with their digests: what a browser, or anybody, holds files against. */
export interface PublicManifest extends KnownManifest {
  readonly name: string;
  readonly label: string | null;
  readonly root: string;
  readonly hashType: string;
  /** Bytes; null for whole files. */
  readonly shardSize: number | null;
}

/** Null where the version is not public, or its files are not shown. */
export function getPublicManifest(database: OpenDatabase, shared: Shared, key: string | null): PublicManifest | null {
  if (!shared.parts.files) return null;
  const versionId = findPublicVersion(database, shared, key);
  const [version] = versionId === null ? [] : readKnownVersions(database.db, [versionId]);
  if (!version) return null;
  const { method, ignorePaths, resources, shardSize } = readManifest(database.db, version);
  const { modelName: name, label, root, hashType } = version;
  return { name, label, root, method, hashType, shardSize, ignorePaths, resources };
}
