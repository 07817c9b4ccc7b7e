import { hash } from 'node:crypto';
import type { z } from 'zod';
import { JsonError, parseStrictJson } from '#lib/model-signing/strict-json.ts';
import { ArchiveError } from './checklist.ts';
import {
  type ArchiveDocuments,
  type ArchivedProof,
  type ArchiveManifest,
  affectedSchema,
  auditEntrySchema,
  bundlesSchema,
  declarationSchema,
  eventsSchema,
  incidentSchema,
  linksSchema,
  manifestSchema,
  proofSchema,
  trustSchema,
} from './documents.ts';
import { bundlePath, declarationPath, eventPath, FILE, LIMITS, RENDERED } from './layout.ts';
import { criteriaOf } from './scope-match.ts';
import type { ZipArchive } from './zip-reader.ts';

/** Documents with the proofs of the events that have one. */
export interface ReadDocuments extends ArchiveDocuments {
  readonly proofs: ReadonlyMap<string, ArchivedProof>;
}

/**
 * Compares every file with the manifest, and the manifest with every file.
 *
 * @throws {ArchiveError | ZipError} naming the first file that is wrong.
 */
export function checkManifest(zip: ZipArchive): ArchiveManifest {
  if (zip.names.at(-1) !== FILE.manifest) throw new ArchiveError(`Its last file is not ${FILE.manifest}.`);
  const manifest = readDocument(zip, FILE.manifest, manifestSchema);
  const listed = manifest.files.map(({ path }) => path);
  const missing = listed.find((path) => !zip.has(path));
  if (missing !== undefined) throw new ArchiveError(`${missing} is in the manifest, and not in the archive.`);
  const names = zip.names.slice(0, -1);
  const known = new Set(listed);
  const extra = names.find((name) => !known.has(name));
  if (extra !== undefined) throw new ArchiveError(`${extra} is in the archive, and not in the manifest.`);
  const isOrdered = names.every((name, i) => name === listed[i] && (i === 0 || name > (names[i - 1] ?? '')));
  if (!isOrdered || names.length !== listed.length)
    throw new ArchiveError('Its files are not in the order of their names.');
  for (const { path, size, sha256 } of manifest.files) {
    const bytes = zip.read(path);
    if (bytes.length !== size || hash('sha256', bytes) !== sha256) {
      throw new ArchiveError(`${path} is not what the manifest says: its SHA-256 is another.`);
    }
  }
  return manifest;
}

/**
 * Reads every document as strictly as it was written, and finds that nothing lies beside them.
 *
 * @throws {ArchiveError} naming the document, and the field that is wrong.
 */
export function readDocuments(zip: ZipArchive, manifest: ArchiveManifest): ReadDocuments {
  const incident = readDocument(zip, FILE.incident, incidentSchema);
  if (incident.id !== manifest.incident || incident.exportedAt !== manifest.exportedAt) {
    throw new ArchiveError(`${FILE.incident} is of another incident or time than the manifest.`);
  }
  const { bundles } = readDocument(zip, FILE.bundles, bundlesSchema);
  const { events } = readDocument(zip, FILE.events, eventsSchema);
  if (criteriaOf(incident.scope).length > LIMITS.criteria) {
    throw new ArchiveError(`The scope has more than the ${LIMITS.criteria} criteria that are read.`);
  }
  const documents: ReadDocuments = {
    incident,
    affected: readDocument(zip, FILE.affected, affectedSchema),
    links: readDocument(zip, FILE.links, linksSchema).links,
    bundles,
    events,
    declarations: zip.names
      .filter((name) => name.startsWith('declarations/'))
      .map((name) => readDocument(zip, name, declarationSchema))
      .sort((a, b) => a.id - b.id),
    trust: readDocument(zip, FILE.trust, trustSchema),
    audit: readLines(zip.read(FILE.audit)),
    proofs: new Map(
      events
        .filter(({ proof }) => proof)
        .map(({ id }) => [id, readDocument(zip, eventPath(id, 'proof.json'), proofSchema)]),
    ),
  };
  refuseOtherVersion(documents, manifest);
  refuseDoubled(documents);
  refuseStrays(zip, documents);
  return documents;
}

/** @throws {ArchiveError} where there is no such file, or it is not of this form. */
function readDocument<S extends z.ZodType>(zip: ZipArchive, path: string, schema: S): z.output<S> {
  if (!zip.has(path)) throw new ArchiveError(`${path} is missing.`);
  return parseDocument(zip.read(path), path, schema);
}

function parseDocument<S extends z.ZodType>(bytes: Uint8Array, path: string, schema: S): z.output<S> {
  let json: unknown;
  try {
    json = parseStrictJson(bytes, { maxBytes: LIMITS.maxFileBytes });
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new ArchiveError(`${path} cannot be read. ${error.message}`);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ArchiveError(
    `${path} is not of this format, at ${issue?.path.join('.') || 'its top'}: ${issue?.message ?? 'unknown'}.`,
  );
}

function readLines(bytes: Buffer) {
  if (bytes.length > 0 && bytes.at(-1) !== 0x0a) throw new ArchiveError(`${FILE.audit} does not end in a newline.`);
  const lines = bytes.length === 0 ? [] : bytes.toString('utf8').slice(0, -1).split('\n');
  return lines.map((line, i) => parseDocument(Buffer.from(line), `${FILE.audit}, line ${i + 1},`, auditEntrySchema));
}

/** What each step says of its link belongs to the version. */
function refuseOtherVersion({ affected: { affected } }: ReadDocuments, { version }: ArchiveManifest): void {
  for (const { artifact, path } of affected) {
    const isOf = path.every(({ state }, i) =>
      version === 1 ? state === undefined : state !== undefined && (i > 0 || state === null),
    );
    if (isOf) continue;
    throw new ArchiveError(
      `${FILE.affected}, artifact ${artifact}: what its steps say of their links is not of version ${version}.`,
    );
  }
}

function refuseDoubled({ affected, links, bundles, events, declarations }: ReadDocuments): void {
  const lists: readonly (readonly [what: string, keys: readonly (string | number)[]])[] = [
    ['artifact', affected.artifacts.map(({ id }) => id)],
    ['affected artifact', affected.affected.map(({ artifact }) => artifact)],
    ['link', links.map(({ id }) => id)],
    ['bundle', bundles.map(({ id }) => id)],
    ['event', events.map(({ id }) => id)],
    ['declaration', declarations.map(({ id }) => id)],
  ];
  for (const [what, keys] of lists) {
    const seen = new Set<string | number>();
    for (const key of keys) {
      if (seen.has(key)) throw new ArchiveError(`The ${what} ${key} is listed twice.`);
      seen.add(key);
    }
  }
}

/** A file that no document speaks of would be verified by nothing. */
function refuseStrays(zip: ZipArchive, { bundles, declarations, trust, proofs }: ReadDocuments): void {
  const spoken = new Set<string>([
    ...Object.values(FILE).filter((path) => path !== FILE.trustedRoot),
    ...RENDERED,
    ...bundles.map(({ id }) => bundlePath(id)),
    ...declarations.map(({ id }) => declarationPath(id)),
    ...[...proofs.keys()].flatMap((id) => [
      eventPath(id, 'entry.bin'),
      eventPath(id, 'proof.json'),
      eventPath(id, 'checkpoint'),
    ]),
    ...[trust.root, ...trust.earlier, ...trust.keys, ...trust.authorities].flatMap((named) => named?.file ?? []),
  ]);
  const stray = zip.names.find((name) => !spoken.has(name));
  if (stray !== undefined) throw new ArchiveError(`${stray} is a file that nothing in the archive speaks of.`);
  const missing = [...spoken].find((name) => !zip.has(name));
  if (missing !== undefined) throw new ArchiveError(`${missing} is missing.`);
}
