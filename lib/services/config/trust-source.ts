import { dirname, join } from 'node:path';
import type { Config } from '#lib/config/schema.ts';
import type { TrustSource } from '#lib/sigstore/trust-source.ts';

/** Where a configuration's trust root comes from. TUF keeps its metadata beside the database. */
export function trustSourceOf({ trust, database }: Config): TrustSource {
  if (trust.file !== undefined) return { file: trust.file };
  const { mirror, root } = trust.tuf;
  const cacheDirectory = join(dirname(database), 'tuf');
  return { tuf: { cacheDirectory, mirror, ...(root === undefined ? {} : { rootPath: root }) } };
}
