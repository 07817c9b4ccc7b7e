import { and, eq } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { artifactAliases } from '#db/schema/artifact.ts';
import { refuseUnsafePath } from '#lib/model-signing/resource.ts';
import { StatementError } from '#lib/model-signing/statement-error.ts';
import type { Manifest } from '#lib/oci/descriptor.ts';
import { type ModelImage, readModelImage } from '#lib/oci/model-image.ts';
import { storeVersion } from '#lib/services/bundle/record-version.ts';
import type { Alias } from '#lib/services/graph/alias.ts';
import { placeArtifact } from '#lib/services/graph/place-artifact.ts';
import { observedManifest } from './observed-manifest.ts';
import type { OciLook } from './oci-look.ts';
import { settleSighting } from './settle-sighting.ts';
import { findSignedManifest, type SignedManifest } from './signed-manifest.ts';
import { takeDeclaration } from './take-declaration.ts';

const MAX_CONFIG = 4 * 1024 * 1024;

/**
 * Places the model that an image holds: as the version that one of its signatures signs, where every signed file is one
 * of the image's own blobs; else as the files that its layers are; else by the digest of the image alone.
 *
 * @param bundleIds of the verified bundles that refer to the image.
 * @throws {AnswerError | FetchError}
 */
export async function readImage(
  look: OciLook,
  manifest: Manifest,
  tag: string | null,
  bundleIds: readonly string[],
): Promise<void> {
  const { ctx, source, standards } = look;
  const image = readModelImage(manifest);
  const files = image.files && areSafe(image.files) ? image.files : null;
  const signed = findSigned(look, manifest, bundleIds);
  if (!signed && !files && !image.declaration) return;
  const alias: Alias = { scheme: 'sha256', value: manifest.digest.slice('sha256:'.length), kind: 'oci-manifest' };
  // The digest names all of it: what was settled once stays so, until a signature comes to it.
  const known = findAlias(look, alias.value);
  const isSettled = !signed || findAlias(look, signed.manifest.root)?.artifactId === known?.artifactId;
  if (known?.kind === 'oci-manifest' && isSettled) return;
  const declared = await readConfig(look, image, `${tag ?? 'untagged'}/${manifest.digest}/config`);
  const name = nameOf(look);
  const place = (tx: Writer, now: number): number => {
    if (signed) {
      const root: Alias = { scheme: 'sha256', value: signed.manifest.root, kind: 'oms-root' };
      return placeArtifact(tx, { kind: 'model', name: null, aliases: [root, alias] }, now);
    }
    if (!files) return placeArtifact(tx, { kind: 'model', name, aliases: [alias] }, now);
    const origin = { seenAs: 'observed' as const, label: tag, aliases: [alias] };
    return storeVersion(tx, observedManifest(name, files), origin, now).artifactId;
  };
  settleSighting(ctx, standards, { place, declared, cause: `source ${source.name}` });
}

function findAlias({ ctx }: OciLook, sha256: string) {
  return ctx.database.db
    .select()
    .from(artifactAliases)
    .where(and(eq(artifactAliases.scheme, 'sha256'), eq(artifactAliases.value, sha256)))
    .get();
}

function findSigned({ ctx }: OciLook, manifest: Manifest, bundleIds: readonly string[]): SignedManifest | null {
  const blobs = new Set(
    [...manifest.layers, ...(manifest.config ? [manifest.config] : [])].map(({ digest }) => digest),
  );
  const found = bundleIds.map((id) => findSignedManifest(ctx, id)).filter((one) => one !== null);
  const isHeld = ({ manifest: { method, hashType, resources } }: SignedManifest) =>
    method === 'files' && hashType === 'sha256' && resources.every(({ digest }) => blobs.has(`sha256:${digest}`));
  return found.find(isHeld) ?? null;
}

async function readConfig({ ctx, source, store, counts, signal }: OciLook, image: ModelImage, path: string) {
  if (!image.declaration) return [];
  const { kind, descriptor } = image.declaration;
  const bytes = await store.blob(descriptor, MAX_CONFIG, signal);
  const place = { channel: 'oci' as const, source: source.name, path, size: bytes.length, modifiedAt: ctx.now() };
  const file = takeDeclaration(ctx, place, kind, bytes);
  counts[file ? 'accepted' : 'refused']++;
  return file ? [file] : [];
}

function nameOf({ source }: OciLook): string {
  return 'layout' in source.oci ? source.name : (source.oci.repository.split('/').at(-1) ?? source.name);
}

function areSafe(files: NonNullable<ModelImage['files']>): boolean {
  try {
    for (const [i, { path }] of files.entries()) refuseUnsafePath(path, `layers[${i}]`);
    return true;
  } catch (error) {
    if (error instanceof StatementError) return false;
    throw error;
  }
}
