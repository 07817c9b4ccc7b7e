import { join } from 'node:path';
import { and, eq, isNull } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { versions } from '#db/schema/model.ts';
import { declarationKindOf } from '#lib/declaration/recognise.ts';
import { IgnoreRules } from '#lib/model-signing/ignore.ts';
import { storeVersion } from '#lib/services/bundle/record-version.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import type { Alias } from '#lib/services/graph/alias.ts';
import { placeArtifact } from '#lib/services/graph/place-artifact.ts';
import type { Standards } from '#lib/services/standards.ts';
import { bundleFormOf } from './bundle-names.ts';
import { findDelivery, recordDelivery } from './deliver.ts';
import type { RepositoryFolder } from './find-repositories.ts';
import type { HashedFile } from './hash-folder.ts';
import { holdAgainstSignature, leftOutBySigner } from './hold-against-signature.ts';
import { observedManifest } from './observed-manifest.ts';
import { readBounded } from './read-bounded.ts';
import type { DeclaredFile } from './record-declaration.ts';
import { settleSighting } from './settle-sighting.ts';
import { findSignedManifest, type SignedManifest } from './signed-manifest.ts';
import { takeDeclaration } from './take-declaration.ts';
import { takeFile } from './take-file.ts';

const MAX_DOCUMENT = 32 * 1024 * 1024;
/** Of weights only the header is read; those of tokenizers with long vocabularies have some megabytes. */
const MAX_HEADER = 16 * 1024 * 1024;
/** Results that others add to a repository after it was signed. */
const ADDED_LATER = new IgnoreRules({ operator: ['.eval_results'] });

export interface ReadFolder {
  readonly accepted: number;
  readonly refused: number;
}

/**
 * Takes up one state of a model repository: its bundles, the version that its files are, and what its unsigned files
 * declare. A signature that is not of these files is listed as refused for that, though it is good in itself.
 */
export async function readFolder(
  ctx: ServiceContext,
  standards: Standards,
  source: string,
  folder: RepositoryFolder,
  files: readonly HashedFile[],
): Promise<ReadFolder> {
  const count = { accepted: 0, refused: 0 };
  const aside = files.filter(({ path }) => bundleFormOf(path) !== null);
  const signed: (SignedManifest & { readonly at: string })[] = [];
  for (const { path } of aside) {
    const at = join(folder.key, path);
    const taken = await takeFile(ctx, standards, join(folder.path, path), { channel: 'folder', source, path: at });
    taken.results.forEach(({ outcome, bundleId }, i) => {
      count[outcome]++;
      const manifest = outcome === 'accepted' && bundleId ? findSignedManifest(ctx, bundleId) : null;
      if (manifest) signed.push({ ...manifest, at: taken.paths[i] ?? at });
    });
  }
  const paths = aside.map(({ path }) => path);
  let version: SignedFolder | null = null;
  for (const { manifest, versionId, at } of signed) {
    const difference = await holdAgainstSignature(folder.path, files, manifest, paths);
    if (difference === null) {
      version ??= { versionId, isWhole: leftOutBySigner(files, manifest, paths).length === 0 };
    } else refuseForFiles(ctx, source, at, difference);
  }
  const declared = await readDeclarations(ctx, source, folder, files, count);
  const model = files.filter(({ path }) => bundleFormOf(path) === null && ADDED_LATER.find(path) === null);
  if (model.length > 0) {
    const place = (tx: Writer, now: number) =>
      version === null ? placeObserved(tx, folder, model, now) : placeSigned(tx, folder, version, now);
    settleSighting(ctx, standards, { place, declared, cause: `source ${source}` });
  }
  return count;
}

function refuseForFiles(ctx: ServiceContext, source: string, path: string, reason: string): void {
  const known = findDelivery(ctx, source, path);
  if (!known) return;
  const { id: _, checkedAt: __, ...delivery } = known;
  recordDelivery(ctx, { ...delivery, outcome: 'refused', reasonCode: 'files-differ', reason });
}

function placeObserved(tx: Writer, folder: RepositoryFolder, files: readonly HashedFile[], now: number): number {
  const origin = { seenAs: 'observed' as const, label: folder.label, aliases: aliasesOf(folder) };
  return storeVersion(tx, observedManifest(folder.name, files), origin, now).artifactId;
}

interface SignedFolder {
  readonly versionId: string;
  /** Whether the folder holds nothing besides what was signed. */
  readonly isWhole: boolean;
}

/**
 * The signature named the version; that it is what this repository holds at this commit, we saw. Where files lie there
 * that the signer left out, it is not: whoever put them there must not have them pass under the signer's name.
 */
function placeSigned(tx: Writer, folder: RepositoryFolder, { versionId, isWhole }: SignedFolder, now: number): number {
  const version = tx.select().from(versions).where(eq(versions.id, versionId)).get();
  if (!version) throw new Error(`There is no version ${versionId}.`);
  const root: Alias = { scheme: 'sha256', value: version.root, kind: 'oms-root' };
  if (isWhole && folder.label !== null) {
    tx.update(versions)
      .set({ label: folder.label })
      .where(and(eq(versions.id, versionId), isNull(versions.label)))
      .run();
  }
  return placeArtifact(tx, { kind: 'model', name: null, aliases: [root, ...(isWhole ? aliasesOf(folder) : [])] }, now);
}

function aliasesOf({ repository, revision }: RepositoryFolder): readonly Alias[] {
  if (repository === null || revision === null) return [];
  return [{ scheme: 'hf', value: `${repository}@${revision}`, kind: 'repository' }];
}

async function readDeclarations(
  ctx: ServiceContext,
  source: string,
  folder: RepositoryFolder,
  files: readonly HashedFile[],
  count: { accepted: number; refused: number },
): Promise<readonly DeclaredFile[]> {
  const declared: DeclaredFile[] = [];
  for (const { path } of files) {
    const kind = declarationKindOf(path);
    if (kind === null) continue;
    const isWeights = kind === 'gguf' || kind === 'safetensors';
    const read = isWeights
      ? await readBounded(join(folder.path, path), MAX_HEADER, 'start')
      : await readBounded(join(folder.path, path), MAX_DOCUMENT);
    const { size, modifiedAt } = read;
    const place = { channel: 'folder' as const, source, path: join(folder.key, path), size, modifiedAt };
    const file = read.bytes ? takeDeclaration(ctx, place, kind, read.bytes) : null;
    if (!read.bytes) {
      recordDelivery(ctx, { ...place, outcome: 'refused', reasonCode: read.refusal.code, reason: read.refusal.reason });
    }
    if (file) declared.push(file);
    count[file ? 'accepted' : 'refused']++;
  }
  return declared;
}
