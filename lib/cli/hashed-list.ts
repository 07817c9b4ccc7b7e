import type { HashList } from '#lib/hash-list/hash-list.ts';
import type { ModelFiles } from '#lib/model-files/manifest.ts';
import { refuseUnsafePath } from '#lib/model-signing/resource.ts';
import type { AskedModel } from './model-options.ts';

/**
 * The list of hashes of a model on the disk, as a server takes it.
 *
 * @throws {StatementError} for a name that no list can hold.
 */
export function hashedList(
  { hashType, shardSize }: Pick<AskedModel, 'hashType' | 'shardSize'>,
  model: ModelFiles,
): HashList {
  for (const path of model.files.keys()) refuseUnsafePath(path, 'The list');
  return {
    form: 'modeltrail',
    name: model.name,
    hashType,
    shardSize,
    files: [...model.files].map(([path, { size, digests }]) => ({ path, size, digests })),
    leftOut: model.ignored.map(({ path }) => path),
    remarks: [],
  };
}
