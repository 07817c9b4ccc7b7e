import { basename, join, resolve } from 'node:path';
import { type IgnoreRule, IgnoreRules } from '#lib/model-signing/ignore.ts';
import type { LocalFile, LocalFiles } from '#lib/model-signing/match.ts';
import type { OmsResource } from '#lib/model-signing/resource.ts';
import { inPythonOrder } from '#lib/model-signing/roots.ts';
import { type HashFilesOptions, hashFiles } from './hash-files.ts';
import { refuseTooManyShards } from './model-files-error.ts';
import type { Piece } from './pieces.ts';
import { walkModel } from './walk.ts';

export interface ModelFilesOptions extends Partial<HashFilesOptions> {
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
 * Hashes a model's folder, or a model of one file. SHA-256 of whole files, in this thread, where not said otherwise.
 *
 * @throws {ModelFilesError}
 */
export async function readModelFiles(modelPath: string, options: ModelFilesOptions = {}): Promise<ModelFiles> {
  const { rules = new IgnoreRules(), allowSymlinks = false, hashType = 'sha256', shardSize = null } = options;
  const { isNeeded = () => true, mayBlock = false } = options;
  const { files: paths, ignored } = await walkModel(modelPath, { rules, allowSymlinks, mayBlock });
  const needed = paths.filter(({ path }) => isNeeded(path));
  const toHash = needed.map(({ path, size }) => ({ path: join(modelPath, path), size }));
  const sizes = needed.map(({ size }) => size);
  refuseTooManyShards(modelPath, sizes, shardSize);
  const hashed = await hashFiles(toHash, { ...options, hashType, shardSize });
  const files = new Map<string, LocalFile>(paths.map(({ path, size }) => [path, { size, digests: [] }]));
  for (const [i, { path, size }] of needed.entries()) {
    const pieces = hashed[i] ?? [];
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
