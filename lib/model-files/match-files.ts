import { basename, resolve } from 'node:path';
import {
  type FileMatch,
  ignoreRulesOf,
  type MatchOptions,
  type ModelMatch,
  matchManifest,
} from '#lib/model-signing/match.ts';
import type { OmsManifest } from '#lib/model-signing/oms.ts';
import { type ModelFilesOptions, readModelFiles } from './manifest.ts';

export interface MatchFilesOptions
  extends Omit<MatchOptions, 'fileName'>,
    Pick<ModelFilesOptions, 'workers' | 'mayBlock' | 'cache' | 'onStart' | 'onProgress'> {}

/** What a manifest says of files: all that a model is held against. */
export type SignedFiles = Pick<
  OmsManifest,
  'method' | 'hashType' | 'shardSize' | 'allowSymlinks' | 'resources' | 'ignorePaths'
>;

/**
 * Holds a model on the disk against a signed manifest: hashes what was signed, in the way it was signed, and lists the
 * rest. Links to files are followed where the signer followed them.
 *
 * @throws {ModelFilesError} where the files cannot be read, or are not such as can be signed.
 */
export async function matchModelFiles(
  modelPath: string,
  manifest: SignedFiles,
  { workers = 1, mayBlock = false, cache = null, onStart, onProgress, ...options }: MatchFilesOptions = {},
): Promise<ModelMatch> {
  const signed = new Set(manifest.resources.map(({ name, shard }) => shard?.path ?? name));
  const { files, ignored } = await readModelFiles(modelPath, {
    rules: ignoreRulesOf(manifest, options),
    allowSymlinks: manifest.allowSymlinks,
    hashType: manifest.hashType,
    shardSize: manifest.shardSize,
    isNeeded: (path) => path === '.' || signed.has(path),
    workers,
    mayBlock,
    cache,
    ...(onStart && { onStart }),
    ...(onProgress && { onProgress }),
  });
  const match = matchManifest(manifest, files, { ...options, fileName: basename(resolve(modelPath)) });
  const left = ignored.filter(({ path }) => !signed.has(path));
  return {
    ...match,
    files: [...match.files, ...left.map(({ path, rule }): FileMatch => ({ path, state: 'ignored', rule }))],
  };
}
