import type { HashList, ListedFile } from '#lib/hash-list/hash-list.ts';
import type { HashType, OmsResource } from '#lib/model-signing/resource.ts';
import type { FileOutcome } from './hash-pool.ts';
import type { PickedFile } from './picked-file.ts';

interface Hashed {
  readonly name: string | null;
  readonly hashType: HashType;
  /** Bytes; null for whole files. */
  readonly shardSize: number | null;
  readonly files: readonly PickedFile[];
  /** One a file, in their order. Files that failed are not listed. */
  readonly outcomes: readonly FileOutcome[];
  readonly leftOut: readonly string[];
}

/** The list of hashes that files give: what is sent, and nothing else. */
export function fileList({ name, hashType, shardSize, files, outcomes, leftOut }: Hashed): HashList {
  const listed = files.flatMap(({ path, file }, i): ListedFile[] => {
    const outcome = outcomes[i];
    if (!outcome || 'reason' in outcome) return [];
    const digests = outcome.pieces.map(({ start, end, digest }): OmsResource => {
      if (shardSize === null) return { name: path, algorithm: hashType, digest };
      const algorithm = `${hashType}-sharded-${shardSize}`;
      return { name: `${path}:${start}:${end}`, algorithm, digest, shard: { path, start, end } };
    });
    return [{ path, size: file.size, digests }];
  });
  const sorted = listed.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { form: 'modeltrail', name, hashType, shardSize, files: sorted, leftOut, remarks: [] };
}
