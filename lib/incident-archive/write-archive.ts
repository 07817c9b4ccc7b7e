import { hash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { VERSION } from '#lib/version.ts';
import type { ArchiveDocuments, ArchivedProof, ArchiveManifest } from './documents.ts';
import { ARCHIVE_FORMAT, ARCHIVE_VERSION, bundlePath, declarationPath, eventPath, FILE, LIMITS } from './layout.ts';
import { renderReports } from './render.ts';
import { requireKeys } from './require-keys.ts';
import { ZipError } from './zip-error.ts';
import { type Chunks, writeZip } from './zip-writer.ts';

/** What an archive is made of. Bytes that can be many are read when their turn comes. */
export interface ArchiveContents extends ArchiveDocuments {
  readonly proofs: ReadonlyMap<string, { readonly proof: ArchivedProof; readonly checkpoint: string }>;
  /** trusted_root.json and its predecessors, keys and authorities in PEM: by path. */
  readonly trustFiles: ReadonlyMap<string, Uint8Array>;
  readBundle(id: string): Promise<Uint8Array>;
  readEntry(eventId: string): Promise<Uint8Array>;
}

interface ArchiveFile {
  readonly path: string;
  read(): Uint8Array | Promise<Uint8Array>;
}

/**
 * Writes the archive of an incident (docs/incident-archive.md) piece by piece: files in the order of their paths, the
 * manifest last. The same contents give the same bytes.
 *
 * @throws {ZipError} where there is more than one archive holds.
 * @throws {ExportError} where it would not verify.
 */
export function writeArchive(contents: ArchiveContents): Chunks {
  requireKeys(contents.bundles, contents.trust);
  const files = listFiles(contents);
  if (files.length >= LIMITS.maxFiles) {
    throw new ZipError(
      `There are ${files.length} files to export, more than the ${LIMITS.maxFiles} of an archive. Narrow the scope`,
    );
  }
  return writeZip(withManifest(contents, files), LIMITS.archiveBytes);
}

async function* withManifest({ incident }: ArchiveContents, files: readonly ArchiveFile[]) {
  const listed: ArchiveManifest['files'] = [];
  for (const { path, read } of files) {
    const bytes = await read();
    if (bytes.length > LIMITS.maxFileBytes) {
      throw new ZipError(`${path} has ${bytes.length} bytes, more than are read of one file. Narrow the scope`);
    }
    listed.push({ path, size: bytes.length, sha256: hash('sha256', bytes) });
    yield { path, bytes };
    // Whoever else waits for this process comes in between: thousands of files take seconds.
    if (listed.length % 16 === 0) await turn();
  }
  const manifest: ArchiveManifest = {
    format: ARCHIVE_FORMAT,
    version: ARCHIVE_VERSION,
    incident: incident.id,
    exportedAt: incident.exportedAt,
    generator: { name: 'modeltrail', version: VERSION },
    files: listed,
  };
  yield { path: FILE.manifest, bytes: toJson(manifest) };
}

function listFiles(contents: ArchiveContents): ArchiveFile[] {
  const { incident, affected, links, bundles, events, declarations, trust, audit } = contents;
  const documents: readonly (readonly [path: string, value: unknown])[] = [
    [FILE.incident, incident],
    [FILE.affected, affected],
    [FILE.links, { links }],
    [FILE.bundles, { bundles }],
    [FILE.events, { events }],
    [FILE.trust, trust],
    ...declarations.map((declaration) => [declarationPath(declaration.id), declaration] as const),
    ...[...contents.proofs].map(([id, { proof }]) => [eventPath(id, 'proof.json'), proof] as const),
  ];
  const files: ArchiveFile[] = [
    ...documents.map(([path, value]) => ({ path, read: () => toJson(value) })),
    ...Object.entries(renderReports(contents)).map(([path, text]) => ({ path, read: () => Buffer.from(text) })),
    { path: FILE.audit, read: () => Buffer.from(audit.map((line) => `${JSON.stringify(line)}\n`).join('')) },
    ...[...contents.trustFiles].map(([path, bytes]) => ({ path, read: () => bytes })),
    ...bundles.map(({ id }) => ({ path: bundlePath(id), read: () => contents.readBundle(id) })),
    ...[...contents.proofs].flatMap(([id, { checkpoint }]) => [
      { path: eventPath(id, 'entry.bin'), read: () => contents.readEntry(id) },
      { path: eventPath(id, 'checkpoint'), read: () => Buffer.from(checkpoint) },
    ]),
  ];
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function toJson(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
}
