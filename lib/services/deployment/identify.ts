import { and, eq, inArray, or } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { models, versionFiles, versions } from '#db/schema/model.ts';
import { registrations } from '#db/schema/registration.ts';
import { HashListError } from '#lib/hash-list/hash-list-error.ts';
import { readHashList } from '#lib/hash-list/read.ts';
import { aliasesOf } from '#lib/services/bundle/record-version.ts';
import { placeArtifact } from '#lib/services/graph/place-artifact.ts';
import { resolveDigests } from '#lib/services/graph/resolve.ts';
import { registeredManifest } from '#lib/services/registration/registered-manifest.ts';
import { RegistrationError } from '#lib/services/registration/registration-error.ts';
import { DeploymentError, type DeploymentInput } from './deployment-input.ts';

/**
 * The artifact that is said to run. A digest or a list of files that nobody knows yet becomes one, which is the real one as
 * soon as that comes.
 *
 * @throws {DeploymentError}
 */
export function identifyDeployed(tx: Writer, input: DeploymentInput, now: number): number {
  if (input.digest !== undefined) return byDigest(tx, input.digest, now);
  if (input.versionId !== undefined) return byVersionId(tx, input.versionId);
  if (input.manifest !== undefined) return byManifest(tx, input.manifest, input.service, now);
  return byLabel(tx, input.model ?? '', input.version ?? '');
}

function byDigest(tx: Writer, digest: string, now: number): number {
  const [scheme = '', value = ''] = digest.split(':');
  const known = resolveDigests(tx, [{ scheme, value }], false) ?? onlyVersionWith(tx, scheme, value);
  if (known !== null) return known;
  return placeArtifact(tx, { kind: 'model', name: null, aliases: [{ scheme, value, kind: 'stated' }] }, now);
}

/** A file of one version alone stands for it; one of several stands for none. */
function onlyVersionWith(tx: Writer, algorithm: string, digest: string): number | null {
  const found = tx
    .selectDistinct({ id: versions.artifactId })
    .from(versionFiles)
    .innerJoin(versions, eq(versions.id, versionFiles.versionId))
    .where(and(eq(versionFiles.digest, digest), eq(versionFiles.algorithm, algorithm)))
    .limit(2)
    .all();
  return found.length === 1 ? (found[0]?.id ?? null) : null;
}

function byVersionId(tx: Writer, id: string): number {
  const version = tx.select({ id: versions.artifactId }).from(versions).where(eq(versions.id, id)).get();
  if (version?.id == null) {
    throw new DeploymentError('unknown-version', 'versionId', `There is no version ${id}. Take its id from the model.`);
  }
  return version.id;
}

function byLabel(tx: Writer, model: string, label: string): number {
  const known = tx
    .select({ id: models.id })
    .from(models)
    .where(or(eq(models.name, model), eq(models.slug, model)))
    .all();
  const ids = known.map(({ id }) => id);
  const labelled = tx
    .select({ id: versions.artifactId })
    .from(versions)
    .where(and(inArray(versions.modelId, ids), eq(versions.label, label)))
    .all();
  const registered = tx
    .select({ id: versions.artifactId })
    .from(registrations)
    .innerJoin(versions, eq(versions.id, registrations.versionId))
    .where(and(inArray(registrations.modelId, ids), eq(registrations.label, label)))
    .all();
  const found = [...new Set([...labelled, ...registered].flatMap(({ id }) => id ?? []))];
  const [only] = found;
  if (only === undefined) {
    const what = ids.length === 0 ? `There is no model ${model}` : `${model} has no version that is called ${label}`;
    throw new DeploymentError(
      'unknown-version',
      ids.length === 0 ? 'model' : 'version',
      `${what}. Give a digest, which is known before its version is.`,
    );
  }
  if (found.length > 1) {
    const message = `${found.length} sets of files of ${model} are called ${label}. Give the digest or the version's id.`;
    throw new DeploymentError('ambiguous-version', 'version', message);
  }
  return only;
}

function byManifest(tx: Writer, manifest: object, service: string, now: number): number {
  try {
    const list = readHashList(Buffer.from(JSON.stringify(manifest)));
    const { name } = list;
    const aliases = aliasesOf(registeredManifest(name ?? service, list));
    return placeArtifact(tx, { kind: 'model', name, aliases }, now);
  } catch (error) {
    if (!(error instanceof HashListError || error instanceof RegistrationError)) throw error;
    const at = error.at == null ? 'manifest' : `manifest.${error.at}`;
    throw new DeploymentError('bad-manifest', at.slice(0, 200), error.message);
  }
}
