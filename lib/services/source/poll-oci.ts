import type { OciSource } from '#lib/config/sources-schema.ts';
import { type Manifest, parseManifest } from '#lib/oci/descriptor.ts';
import { OciLayout } from '#lib/oci/layout.ts';
import { OciRegistry } from '#lib/oci/registry.ts';
import { bundleLayers, isSignature } from '#lib/oci/signature-manifest.ts';
import type { OciStore, TaggedManifest } from '#lib/oci/store.ts';
import { FetchError } from '#lib/rekor/fetch-error.ts';
import { AnswerError } from '#lib/remote/answer-error.ts';
import type { RemoteClient } from '#lib/remote/client.ts';
import { readSecretFile } from '#lib/remote/secret-file.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import type { Standards } from '#lib/services/standards.ts';
import { MAX_BUNDLE_BYTES } from '#lib/sigstore/bundle.ts';
import { clearUnreadable, findDelivery, recordDelivery } from './deliver.ts';
import type { OciLook } from './oci-look.ts';
import { readImage } from './read-image.ts';
import type { SourceRun } from './run-source.ts';
import { takeBundle } from './take-bundle.ts';
import { tolerate } from './tolerate.ts';

/** Looked at in one round. Behind a tag there may be an index of several. */
const MAX_MANIFESTS = 2000;

/**
 * Looks through an image layout or a repository of a registry: the bundles that refer to its images, whether by the
 * referrers' index or by tags, and the models that the images hold. What cannot be read is listed, and stops nothing.
 */
export async function pollOci(
  ctx: ServiceContext,
  source: OciSource,
  standards: Standards,
  client: RemoteClient,
  signal?: AbortSignal,
): Promise<SourceRun> {
  const store = await openStore(source, client);
  const counts = { manifests: 0, read: 0, accepted: 0, refused: 0, unchanged: 0, skipped: 0 };
  const look: OciLook = { ctx, source, standards, store, counts, signal };
  const seen = new Set<string>();
  const open: TaggedManifest[] = [...(await store.roots(signal))].reverse();
  for (let next = open.pop(); next && seen.size < MAX_MANIFESTS; next = open.pop()) {
    signal?.throwIfAborted();
    if (seen.has(next.digest)) continue;
    seen.add(next.digest);
    const manifest = await readManifest(look, next.digest, next.tag);
    if (!manifest) continue;
    for (const { digest } of manifest.manifests) open.push({ digest, tag: next.tag });
    if (isSignature(manifest)) {
      await takeBundles(look, manifest, next.tag);
      continue;
    }
    const bundleIds: string[] = [];
    for (const digest of await signaturesOf(look, next.digest)) {
      seen.add(digest);
      const signature = await readManifest(look, digest, next.tag);
      if (signature) bundleIds.push(...(await takeBundles(look, signature, next.tag)));
    }
    await readPiece(look, next.digest, () => readImage(look, manifest, next.tag, bundleIds));
  }
  return { counts };
}

async function openStore(source: OciSource, client: RemoteClient): Promise<OciStore> {
  if ('layout' in source.oci) return new OciLayout(source.oci.layout);
  const { username, passwordFile } = source;
  const credentials =
    username === undefined || passwordFile === undefined
      ? null
      : { username, password: await readSecretFile(passwordFile) };
  return new OciRegistry(client, source.oci, credentials);
}

/** Manifests that sign this one: by the index of referrers, and by the tag that older clients write. */
async function signaturesOf({ store, signal }: OciLook, digest: string): Promise<readonly string[]> {
  const referrers = await store.referrers(digest, signal);
  const byTag = await store.tagged(`${digest.replace(':', '-')}.sig`, signal);
  const found = referrers.filter(isSignature).map((descriptor) => descriptor.digest);
  return [...new Set(byTag === null ? found : [...found, byTag])].slice(0, MAX_MANIFESTS);
}

async function readManifest(look: OciLook, digest: string, tag: string | null): Promise<Manifest | null> {
  look.counts.manifests++;
  return readPiece(look, tag === null ? digest : `${tag}/${digest}`, async () =>
    parseManifest(await look.store.manifest(digest, look.signal), digest),
  );
}

/** @returns the ids of the bundles that are here now, whether taken at this look or before. */
async function takeBundles(look: OciLook, manifest: Manifest, tag: string | null): Promise<string[]> {
  const { ctx, source, standards, store, counts, signal } = look;
  const layers = bundleLayers(manifest);
  if (layers.length === 0) counts.skipped++;
  const ids: string[] = [];
  for (const layer of layers) {
    const path = `${tag ?? 'untagged'}/${manifest.digest}/${layer.digest.slice(0, 19)}`;
    const known = findDelivery(ctx, source.name, path);
    if (known?.sha256 != null) {
      counts.unchanged++;
      if (known.outcome === 'accepted' && known.bundleId !== null) ids.push(known.bundleId);
      continue;
    }
    const bytes = await readPiece(look, path, () => store.blob(layer, MAX_BUNDLE_BYTES, signal));
    if (!bytes) continue;
    const place = { channel: 'oci' as const, source: source.name, path, modifiedAt: ctx.now() };
    const taken = takeBundle(ctx, standards, place, bytes);
    counts.read++;
    counts[taken.outcome]++;
    if (taken.outcome === 'accepted') ids.push(taken.bundleId);
  }
  return ids;
}

/** Lists what is at fault with one piece, and goes on; what is at fault with the server as a whole ends the round. */
async function readPiece<T>({ ctx, source, counts }: OciLook, path: string, read: () => Promise<T>): Promise<T | null> {
  const found = await tolerate(read);
  if (!(found instanceof AnswerError || found instanceof FetchError)) {
    clearUnreadable(ctx, source.name, path);
    return found;
  }
  counts.refused++;
  const what = { channel: 'oci' as const, source: source.name, path, size: 0, modifiedAt: ctx.now() };
  recordDelivery(ctx, { ...what, outcome: 'refused', reasonCode: 'unreadable', reason: found.message });
  return null;
}
