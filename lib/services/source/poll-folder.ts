import { join } from 'node:path';
import { z } from 'zod';
import type { FolderSource } from '#lib/config/sources-schema.ts';
import { ModelFilesError } from '#lib/model-files/model-files-error.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import type { Standards } from '#lib/services/standards.ts';
import { forgetDeliveries, recordDelivery } from './deliver.ts';
import { findRepositories, type RepositoryFolder } from './find-repositories.ts';
import { fingerprintOf, hashesToRemember, hashFiles, knownHashesSchema, listFiles } from './hash-folder.ts';
import { readFolder } from './read-folder.ts';
import type { SourceRun } from './run-source.ts';

const rememberedSchema = z.object({
  /** Of the files and the standards at the last look: while it stays, nothing is read. */
  fingerprint: z.string(),
  /** Of its large files. */
  hashes: knownHashesSchema,
});
const memorySchema = z.object({ folders: z.record(z.string(), rememberedSchema) }).catch({ folders: {} });
type Remembered = z.infer<typeof rememberedSchema>;

/**
 * Looks through the model repositories of a folder source. One that has not changed since the last look is not read; one
 * that cannot be read is listed with the reason, and stops no other.
 */
export async function pollFolder(
  ctx: ServiceContext,
  source: FolderSource,
  standards: Standards,
  memory: unknown,
  signal?: AbortSignal,
): Promise<SourceRun> {
  const known = memorySchema.parse(memory).folders;
  const folders: Record<string, Remembered> = {};
  const counts = { repositories: 0, unchanged: 0, accepted: 0, refused: 0 };
  const there = new Set<string>();
  for (const folder of await findRepositories(source)) {
    signal?.throwIfAborted();
    counts.repositories++;
    const before = known[folder.key];
    try {
      const files = await listFiles(folder);
      for (const { path } of files) there.add(join(folder.key, path));
      const fingerprint = fingerprintOf(files, standards.id, folder.name, folder.label ?? '', folder.revision ?? '');
      if (before?.fingerprint === fingerprint) {
        folders[folder.key] = before;
        counts.unchanged++;
        continue;
      }
      const hashed = await hashFiles(folder.path, files, before?.hashes ?? {}, signal);
      const read = await readFolder(ctx, standards, source.name, folder, hashed);
      counts.accepted += read.accepted;
      counts.refused += read.refused;
      folders[folder.key] = { fingerprint, hashes: hashesToRemember(hashed) };
    } catch (error) {
      if (!(error instanceof ModelFilesError)) throw error;
      refuseFolder(ctx, source, folder, error);
      there.add(placeOf(folder));
      counts.refused++;
    }
  }
  forgetDeliveries(ctx, source.name, (path) => there.has(path) || there.has(path.replace(/#\d+$/, '')));
  return { counts, memory: { folders } };
}

function refuseFolder(
  ctx: ServiceContext,
  source: FolderSource,
  folder: RepositoryFolder,
  error: ModelFilesError,
): void {
  recordDelivery(ctx, {
    channel: 'folder',
    source: source.name,
    path: placeOf(folder),
    size: 0,
    modifiedAt: 0,
    outcome: 'refused',
    reasonCode: error.code,
    reason: error.message,
  });
}

function placeOf({ key }: RepositoryFolder): string {
  return key === '' ? '.' : key;
}
