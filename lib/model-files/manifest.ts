import { basename, join, resolve } from 'node:path';
import { type IgnoreRule, IgnoreRules } from '#lib/model-signing/ignore.ts';
import type { LocalFile, LocalFiles } from '#lib/model-signing/match.ts';
import type { OmsResource } from '#lib/model-signing/resource.ts';
import { inPythonOrder } from '#lib/model-signing/roots.ts';
import { type HashOptions, hashFile, type Piece } from './hash.ts';
import { walkModel } from './walk.ts';

export interface ModelFilesOptions extends Partial<HashOptions> {
  /** The paths of Git alone where not said. */
  readonly rules?: IgnoreRules;
  readonly allowSymlinks?: boolean;
  /** Whether a file's digests are needed; those of all are where not said. */
  readonly isNeeded?: (path: string) => boolean;
}

/** A model as it lies on the disk. */
export interface ModelFiles {
  /** The last part of its path; a label, which proves nothing. */
  readonly name: string;
  /** Whether the model is one file, which is then listed as `.`. */
  readonly isSingleFile: boolean;
  readonly files: LocalFiles;
  /** All digests made, in the order in which model_signing lists them. */
  readonly resources: readonly OmsResource[];
  readonly ignored: readonly { readonly path: string; readonly rule: IgnoreRule }[];
}

/**
 * Hashes a model's folder, or a model of one file, file after file. SHA-256 of whole files where not said otherwise.
 *
 * @throws {ModelFilesError}
 */
export async function readModelFiles(modelPath: string, options: ModelFilesOptions = {}): Promise<ModelFiles> {
  const { rules = new IgnoreRules(), allowSymlinks = false, hashType = 'sha256', shardSize = null } = options;
  const { onProgress, isNeeded = () => true } = options;
  const { files: paths, ignored } = await walkModel(modelPath, { rules, allowSymlinks });
  const files = new Map<string, LocalFile>();
  for (const { path, size } of paths) {
    const hashing = { hashType, shardSize, ...(onProgress && { onProgress }) };
    const pieces = isNeeded(path) ? await hashFile(join(modelPath, path), hashing) : [];
    files.set(path, { size, digests: pieces.map((piece) => toResource(path, piece, hashType, shardSize)) });
  }
  return {
    name: basename(resolve(modelPath)),
    isSingleFile: files.has('.'),
    files,
    resources: inPythonOrder([...files.values()].flatMap(({ digests }) => digests)),
    ignored,
  };
}

function toResource(path: string, piece: Piece, hashType: string, shardSize: number | null): OmsResource {
  const { start, end, digest } = piece;
  if (shardSize === null) return { name: path, algorithm: hashType, digest };
  return {
    name: `${path}:${start}:${end}`,
    algorithm: `${hashType}-sharded-${shardSize}`,
    digest,
    shard: { path, start, end },
  };
}
