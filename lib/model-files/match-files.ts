import { basename, resolve } from 'node:path';
import {
  type FileMatch,
  ignoreRulesOf,
  type MatchOptions,
  type ModelMatch,
  matchManifest,
} from '#lib/model-signing/match.ts';
import type { OmsManifest } from '#lib/model-signing/oms.ts';
import { readModelFiles } from './manifest.ts';

export interface MatchFilesOptions extends Omit<MatchOptions, 'fileName'> {
  /** Told how many bytes were hashed since it was last told. */
  readonly onProgress?: (bytes: number) => void;
}

/**
 * Holds a model on the disk against a signed manifest: hashes what was signed, in the way it was signed, and lists the
 * rest. Links to files are followed where the signer followed them.
 *
 * @throws {ModelFilesError} where the files cannot be read, or are not such as can be signed.
 */
export async function matchModelFiles(
  modelPath: string,
  manifest: OmsManifest,
  { onProgress, ...options }: MatchFilesOptions = {},
): Promise<ModelMatch> {
  const signed = new Set(manifest.resources.map(({ name, shard }) => shard?.path ?? name));
  const { files, ignored } = await readModelFiles(modelPath, {
    rules: ignoreRulesOf(manifest, options),
    allowSymlinks: manifest.allowSymlinks,
    hashType: manifest.hashType,
    shardSize: manifest.shardSize,
    isNeeded: (path) => path === '.' || signed.has(path),
    ...(onProgress && { onProgress }),
  });
  const match = matchManifest(manifest, files, { ...options, fileName: basename(resolve(modelPath)) });
  const left = ignored.filter(({ path }) => !signed.has(path));
  return {
    ...match,
    files: [...match.files, ...left.map(({ path, rule }): FileMatch => ({ path, state: 'ignored', rule }))],
  };
}
