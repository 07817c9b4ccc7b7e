import type { HashList } from '#lib/hash-list/hash-list.ts';
import type { Compared } from './compare.ts';

/**
 * Whether lines that were taken for SHA-256, because 64 digits do not say of what, are of BLAKE3: versions hashed so have
 * the same digests, and no other version does.
 */
export function isOfBlake3({ form, hashType }: HashList, found: readonly Compared[]): boolean {
  const isUntold = form === 'checksums' && hashType === 'sha256';
  return isUntold && found.length > 0 && found.every(({ version }) => version.hashType === 'blake3');
}

/** The same list read as one of BLAKE3. */
export function asBlake3(list: HashList): HashList {
  return {
    ...list,
    hashType: 'blake3',
    files: list.files.map((file) => ({
      ...file,
      digests: file.digests.map((resource) => ({
        ...resource,
        algorithm: resource.algorithm.replace('sha256', 'blake3'),
      })),
    })),
    remarks: [
      ...new Set([...list.remarks, 'The lines do not say which algorithm made them: they are BLAKE3, not SHA-256.']),
    ],
  };
}
