import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { writeModeltrailManifest } from '#lib/hash-list/modeltrail-manifest.ts';
import { checksumLine } from '#lib/hash-list/write-checksum-line.ts';
import type { ModelFiles } from '#lib/model-files/manifest.ts';
import { manifestId } from '#lib/model-signing/manifest-id.ts';
import { modelStatement } from '#lib/model-signing/payload.ts';
import { type RootCandidates, rootCandidates } from '#lib/model-signing/roots.ts';
import { UsageError } from './command.ts';
import { hashedList } from './hashed-list.ts';
import type { AskedModel } from './model-options.ts';

export const HASH_FORMATS = ['checksums', 'json', 'oms'] as const;

export type HashFormat = (typeof HASH_FORMATS)[number];

export interface AskedOutput {
  readonly format: HashFormat;
  /** Whether checksums have the BSD form. */
  readonly isTagged: boolean;
}

/** A model that was hashed. */
export interface HashedModel {
  /** As it was typed. */
  readonly path: string;
  readonly asked: AskedModel;
  readonly files: ModelFiles;
  readonly roots: RootCandidates;
  readonly manifestId: string;
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

export function describeHashed(path: string, asked: AskedModel, files: ModelFiles): HashedModel {
  const roots = rootCandidates(files.resources, sha256);
  return { path, asked, files, roots, manifestId: manifestId(files.resources, sha256) };
}

/**
 * What is written of the models, with a line end behind it.
 *
 * @throws {StatementError} for what no statement can hold.
 */
export function renderHashes(models: readonly HashedModel[], { format, isTagged }: AskedOutput): string {
  if (format === 'checksums') {
    const isOnly = models.length === 1;
    return models.flatMap((model) => checksumLines(model, isTagged, isOnly)).join('');
  }
  const [model] = models;
  if (!model || models.length > 1)
    throw new UsageError(`The format ${format} is of one model. Name one folder or file.`);
  return format === 'oms'
    ? `${Buffer.from(statementOf(model)).toString('utf8')}\n`
    : writeModeltrailManifest(hashedList(model.asked, model.files));
}

/** Names start at the model's folder, where it is the only one: the lines are then checked from there. */
function checksumLines({ path, asked, files }: HashedModel, isTagged: boolean, isOnly: boolean): string[] {
  return files.resources.map(({ name, digest }) => {
    const shown = name === '.' ? path : isOnly ? name : join(path, name);
    return `${checksumLine({ name: shown, digest }, asked.hashType, isTagged)}\n`;
  });
}

function statementOf({ asked, files }: HashedModel): Uint8Array {
  const { hashType, shardSize, allowSymlinks, ignorePaths } = asked;
  const { name, resources, isSingleFile } = files;
  const left = isSingleFile ? [] : ignorePaths;
  return modelStatement({ name, hashType, shardSize, allowSymlinks, resources, ignorePaths: left }, sha256);
}
