import { createHash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { z } from 'zod';
import { hashFile } from '#lib/model-files/hash.ts';
import { ModelFilesError } from '#lib/model-files/model-files-error.ts';
import { walkModel } from '#lib/model-files/walk.ts';
import { IgnoreRules } from '#lib/model-signing/ignore.ts';
import type { RepositoryFolder } from './find-repositories.ts';

/** Digests of large files with the size and time by which they are known again: small ones are hashed anew. */
export const knownHashesSchema = z.record(z.string(), z.tuple([z.number(), z.number(), z.string()]));
export type KnownHashes = z.infer<typeof knownHashesSchema>;

export interface ListedFile {
  readonly path: string;
  readonly size: number;
  readonly modifiedAt: number;
}

export interface HashedFile extends ListedFile {
  readonly sha256: string;
}

const REMEMBERED_FROM = 1024 * 1024;
/** Never part of a model: what version control and the Hub's client keep for themselves. */
const NOT_THE_MODEL = ['.git', '.cache'];

/**
 * Lists the files of a repository on disk. Symbolic links count as the files that they lead to, where those lie in the
 * repository too, as in the Hub's cache.
 *
 * @throws {ModelFilesError} for a link that leads out, and for what cannot be read.
 */
export async function listFiles({ path, boundary }: RepositoryFolder): Promise<readonly ListedFile[]> {
  const rules = new IgnoreRules({ defaults: false, operator: NOT_THE_MODEL });
  const { files } = await walkModel(path, { rules, allowSymlinks: true });
  const inside = (await realpath(boundary)) + sep;
  const listed: ListedFile[] = [];
  for (const { path: file } of files) {
    const at = await realpath(join(path, file));
    if (!at.startsWith(inside)) {
      const shown = JSON.stringify(file);
      throw new ModelFilesError(
        'symlink',
        `${shown} is a link that leads out of the repository. Put the file itself there.`,
      );
    }
    const { size, mtimeMs, ctimeMs } = await stat(at);
    // The time of the last change of any kind: unlike the other one, nobody can set it back.
    listed.push({ path: file, size, modifiedAt: Math.floor(Math.max(mtimeMs, ctimeMs)) });
  }
  return listed.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Says in one value whether any file came, went or changed. */
export function fingerprintOf(files: readonly ListedFile[], ...circumstances: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([circumstances, files.map(({ path, size, modifiedAt }) => [path, size, modifiedAt])]))
    .digest('hex');
}

/** @throws {ModelFilesError} */
export async function hashFiles(
  folder: string,
  files: readonly ListedFile[],
  known: KnownHashes,
  signal?: AbortSignal,
): Promise<readonly HashedFile[]> {
  const hashed: HashedFile[] = [];
  for (const file of files) {
    signal?.throwIfAborted();
    const [size, modifiedAt, before] = known[file.path] ?? [];
    const isKnown = size === file.size && modifiedAt === file.modifiedAt && before !== undefined;
    const sha256 = isKnown ? before : await hashWhole(join(folder, file.path));
    hashed.push({ ...file, sha256 });
  }
  return hashed;
}

export function hashesToRemember(files: readonly HashedFile[]): KnownHashes {
  return Object.fromEntries(
    files
      .filter(({ size }) => size >= REMEMBERED_FROM)
      .map(({ path, size, modifiedAt, sha256 }) => [path, [size, modifiedAt, sha256]]),
  );
}

async function hashWhole(path: string): Promise<string> {
  const [piece] = await hashFile(path, { hashType: 'sha256', shardSize: null });
  if (!piece) throw new ModelFilesError('changed', `${path} was changed while it was read.`);
  return piece.digest;
}
