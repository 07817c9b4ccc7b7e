import type { Descriptor, Manifest } from './descriptor.ts';

/** What model signing clients attach to an image, and what cosign does. */
const MODEL_SIGNATURE = 'application/vnd.model-signing.signature.v0.1';
const BUNDLE_TYPES = ['application/vnd.dev.sigstore.bundle', 'application/vnd.model-signing.signature'];

function isBundleType(type: string | null): boolean {
  return type !== null && BUNDLE_TYPES.some((start) => type.startsWith(start));
}

/** Whether a manifest, or what a list of referrers says of it, is made to carry bundles. */
export function isSignature({ artifactType }: Pick<Descriptor | Manifest, 'artifactType'>): boolean {
  return isBundleType(artifactType);
}

/**
 * The layers of a signature's manifest that hold a bundle. Cosign's older signatures, whose layers hold a payload and
 * whose signature is an annotation, have none: they are no bundles.
 */
export function bundleLayers(manifest: Manifest): readonly Descriptor[] {
  return manifest.layers.filter(
    ({ mediaType }) =>
      isBundleType(mediaType) || (manifest.artifactType === MODEL_SIGNATURE && /json|octet-stream/.test(mediaType)),
  );
}
