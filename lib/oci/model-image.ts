import type { Descriptor, Manifest } from './descriptor.ts';

/** What a model image holds, as far as its manifest alone shows. */
export interface ModelImage {
  /**
   * Its files by their digests, where every layer is one file as it is: a layer's digest is then the file's. Null where a
   * layer is an archive, whose files nobody knows without unpacking it.
   */
  readonly files: readonly { readonly path: string; readonly sha256: string }[] | null;
  /** The config, where it may declare where the model comes from. */
  readonly declaration: { readonly kind: 'modelpack' | 'kitfile'; readonly descriptor: Descriptor } | null;
}

/** Which annotation names the file of a layer: ModelPack's own, else the one that OCI clients write. */
const PATHS = ['org.cncf.model.filepath', 'org.opencontainers.image.title'];
const ARCHIVE = /(?:\btar\b|\bgzip\b|\bzstd\b|\+zip\b)/;
const MODELPACK_CONFIG = 'application/vnd.cncf.model.config.v1+json';
const KIT_CONFIG = /^application\/vnd\.kitops\.modelkit\.config\.v1\+json$/;

/** Reads a manifest as that of a model (ModelPack 0.0.7, KitOps ModelKit, or files pushed as they are). */
export function readModelImage(manifest: Manifest): ModelImage {
  return { files: readFiles(manifest.layers), declaration: readConfig(manifest.config) };
}

function readFiles(layers: readonly Descriptor[]): ModelImage['files'] {
  const files = layers.map(({ mediaType, digest, annotations }) => {
    const path = PATHS.map((name) => annotations.get(name)).find((text) => text !== undefined);
    return path === undefined || ARCHIVE.test(mediaType) ? null : { path, sha256: digest.slice('sha256:'.length) };
  });
  const known = files.filter((file) => file !== null);
  const isWhole = known.length === files.length && known.length > 0;
  return isWhole && new Set(known.map(({ path }) => path)).size === known.length ? known : null;
}

function readConfig(config: Descriptor | null): ModelImage['declaration'] {
  if (config?.mediaType === MODELPACK_CONFIG) return { kind: 'modelpack', descriptor: config };
  return config && KIT_CONFIG.test(config.mediaType) ? { kind: 'kitfile', descriptor: config } : null;
}
