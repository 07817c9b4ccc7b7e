import type { HashList } from '#lib/hash-list/hash-list.ts';
import { IgnoreRules } from '#lib/model-signing/ignore.ts';
import type { OmsManifest } from '#lib/model-signing/oms.ts';
import type { OmsResource } from '#lib/model-signing/resource.ts';
import { inPythonOrder, orderOf, rootOf } from '#lib/model-signing/roots.ts';
import { RegistrationError } from './registration-error.ts';

/** What every signer leaves out, so that the root registered is the root that will be signed. */
const DEFAULTS = new IgnoreRules();

/**
 * The manifest that a signer of the files of a list would make: without Git's own paths, in the order of the reference
 * client.
 *
 * @throws {RegistrationError} `incomplete` where a file has no digest, or nothing is left.
 */
export function registeredManifest(name: string, { files, hashType, shardSize, leftOut }: HashList): OmsManifest {
  const listed = files.filter(({ path }) => DEFAULTS.find(path) === null);
  const resources: OmsResource[] = [];
  for (const { path, size, digests } of listed) {
    // An empty file has no shards, in manifests of signers neither.
    if (digests.length === 0 && (shardSize === null || size !== 0)) {
      const message = `The file ${JSON.stringify(path.slice(0, 200))} has no ${hashType} digest. Hash all files, as with: modeltrail hash`;
      throw new RegistrationError('incomplete', message, path.slice(0, 200));
    }
    resources.push(...digests);
  }
  if (resources.length === 0) {
    throw new RegistrationError('incomplete', 'Nothing is left of the list that a signature would cover.');
  }
  const ordered = inPythonOrder(resources);
  return {
    predicateType: '',
    name,
    root: rootOf(ordered),
    rootStated: false,
    rootOrder: orderOf(ordered),
    method: shardSize === null ? 'files' : 'shards',
    hashType,
    shardSize,
    allowSymlinks: false,
    resources: ordered,
    ignorePaths: [...leftOut],
  };
}
