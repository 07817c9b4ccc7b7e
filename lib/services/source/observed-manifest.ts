import type { OmsManifest } from '#lib/model-signing/oms.ts';
import type { OmsResource } from '#lib/model-signing/resource.ts';
import { inPythonOrder, orderOf, rootOf } from '#lib/model-signing/roots.ts';

/** The manifest that a signer of these files would make: whole files, SHA-256, in the order of the reference client. */
export function observedManifest(
  name: string,
  files: readonly { readonly path: string; readonly sha256: string }[],
): OmsManifest {
  const resources = inPythonOrder(
    files.map(({ path, sha256 }): OmsResource => ({ name: path, algorithm: 'sha256', digest: sha256 })),
  );
  return {
    predicateType: '',
    name,
    root: rootOf(resources),
    rootStated: false,
    rootOrder: orderOf(resources),
    method: 'files',
    hashType: 'sha256',
    shardSize: null,
    allowSymlinks: false,
    resources,
    ignorePaths: [],
  };
}
