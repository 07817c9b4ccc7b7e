import { createHash } from 'node:crypto';
import type { ArchiveDocuments, ArchiveManifest } from '#lib/incident-archive/documents.ts';
import { FILE, LIMITS } from '#lib/incident-archive/layout.ts';
import { checkManifest, type ReadDocuments, readDocuments } from '#lib/incident-archive/open-archive.ts';
import { renderReports } from '#lib/incident-archive/render.ts';
import { openZip } from '#lib/incident-archive/zip-reader.ts';
import { writeZip } from '#lib/incident-archive/zip-writer.ts';
import { joinChunks } from './story-incident.ts';

/** The files of an archive, to be changed and packed again. */
export type ArchiveFiles = Map<string, Buffer>;

export function unpackArchive(archive: Uint8Array): ArchiveFiles {
  const zip = openZip(archive, LIMITS);
  return new Map(zip.names.map((name) => [name, Buffer.from(zip.read(name))]));
}

/** Packs files as they are, in the order of the map. */
export function packArchive(files: ReadonlyMap<string, Uint8Array>): Promise<Buffer> {
  async function* list() {
    for (const [path, bytes] of files) yield { path, bytes };
  }
  return joinChunks(writeZip(list()));
}

/** Packs files as somebody would who knows the format: in order, with a manifest that fits them. */
export function packWithManifest(files: ReadonlyMap<string, Buffer>): Promise<Buffer> {
  const manifest = JSON.parse(files.get(FILE.manifest)?.toString() ?? '') as ArchiveManifest;
  const others = [...files].filter(([path]) => path !== FILE.manifest).sort(([a], [b]) => (a < b ? -1 : 1));
  const listed = others.map(([path, bytes]) => ({
    path,
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }));
  return packArchive(new Map([...others, [FILE.manifest, toJson({ ...manifest, files: listed })]]));
}

type Forged = { -readonly [K in keyof Omit<ArchiveDocuments, 'declarations' | 'audit'>]: ArchiveDocuments[K] };

/** Packs an archive of which documents were changed by somebody who makes report and manifest anew. */
export function forgeDocuments(
  archive: Uint8Array,
  change: (documents: ReadDocuments) => Partial<Forged>,
): Promise<Buffer> {
  const zip = openZip(archive, LIMITS);
  const documents = readDocuments(zip, checkManifest(zip));
  const forged = { ...documents, ...change(documents) };
  const files = unpackArchive(archive);
  files.set(FILE.incident, toJson(forged.incident));
  files.set(FILE.affected, toJson(forged.affected));
  files.set(FILE.links, toJson({ links: forged.links }));
  files.set(FILE.bundles, toJson({ bundles: forged.bundles }));
  files.set(FILE.events, toJson({ events: forged.events }));
  files.set(FILE.trust, toJson(forged.trust));
  for (const [path, text] of Object.entries(renderReports(forged))) files.set(path, Buffer.from(text));
  return packWithManifest(files);
}

/** One bit of one byte other than before. */
export function flipByte(bytes: Uint8Array, at: number): Buffer {
  const flipped = Buffer.from(bytes);
  flipped[at] = (flipped[at] ?? 0) ^ 1;
  return flipped;
}

function toJson(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
}
