import { type IgnoreOptions, type IgnoreRule, IgnoreRules } from './ignore.ts';
import type { OmsManifest } from './oms.ts';
import type { OmsResource } from './resource.ts';

/** A file at hand. */
export interface LocalFile {
  /** Bytes. */
  readonly size: number;
  /** Its one digest, or those of its shards. None where nobody needs them: of files that are not signed. */
  readonly digests: readonly OmsResource[];
}

/** By path from the model's folder; `.` where the model is a single file. */
export type LocalFiles = ReadonlyMap<string, LocalFile>;

/**
 * `matches`: as signed. `differs`: signed, but of other content. `missing`: signed, but not there, or left out by a rule.
 * `extra`: there, but not signed. `ignored`: there, not signed, and left out by a rule. `empty`: there without a byte,
 * of which a manifest of shards says nothing.
 */
export type FileState = 'matches' | 'differs' | 'missing' | 'extra' | 'ignored' | 'empty';

export interface FileMatch {
  readonly path: string;
  readonly state: FileState;
  /** By which rule it is left out; null where by none. */
  readonly rule: IgnoreRule | null;
}

export interface MatchOptions extends Pick<IgnoreOptions, 'operator' | 'signatureFile'> {
  /** Take files that nobody signed for nothing wrong. */
  readonly allowExtra?: boolean;
  /** The file's own name, where the model is a single file and is given as `.`: some clients sign it by that. */
  readonly fileName?: string;
}

export interface ModelMatch {
  /** Whether every signed file is there as signed, and (unless allowed) no other. */
  readonly matches: boolean;
  /** Signed files in their signed order, then the others in theirs. */
  readonly files: readonly FileMatch[];
}

/**
 * Holds the files at hand against a signed manifest (OMS specification v1.0, section 6; model_signing 1.1.1 `verify`).
 *
 * The digests must be of the manifest's hash type and shard size. What was signed but is left out by a rule counts as
 * missing, as with the reference client: nobody has looked at it.
 */
export function matchManifest(
  manifest: Pick<OmsManifest, 'method' | 'resources' | 'ignorePaths'>,
  local: LocalFiles,
  options: MatchOptions = {},
): ModelMatch {
  const rules = ignoreRulesOf(manifest, options);
  const signed = byFile(manifest.resources);
  const present = underSignedName(local, signed, options.fileName);
  const files: FileMatch[] = [];
  for (const [path, resources] of signed) {
    const rule = rules.find(path);
    const found = rule ? undefined : present.get(path);
    const state = !found ? 'missing' : isSame(resources, found.digests) ? 'matches' : 'differs';
    files.push({ path, state, rule });
  }
  for (const [path, { size }] of present) {
    if (signed.has(path)) continue;
    const rule = rules.find(path);
    const isEmpty = manifest.method === 'shards' && size === 0;
    files.push({ path, state: rule ? 'ignored' : isEmpty ? 'empty' : 'extra', rule });
  }
  const isGood = ({ state }: FileMatch) =>
    state === 'extra' ? options.allowExtra === true : state !== 'differs' && state !== 'missing';
  return { matches: files.every(isGood), files };
}

/**
 * What is left out when a model is held against this manifest, for walking its folder. The paths of Git are, unless
 * the signer signed one of them.
 */
export function ignoreRulesOf(
  { resources, ignorePaths }: Pick<OmsManifest, 'resources' | 'ignorePaths'>,
  options: Pick<IgnoreOptions, 'operator' | 'signatureFile'> = {},
): IgnoreRules {
  const byDefault = new IgnoreRules();
  const defaults = !resources.some(({ name, shard }) => byDefault.find(shard?.path ?? name));
  return new IgnoreRules({ ...options, signer: ignorePaths, defaults });
}

function byFile(resources: readonly OmsResource[]): Map<string, OmsResource[]> {
  const files = new Map<string, OmsResource[]>();
  for (const resource of resources) {
    const path = resource.shard?.path ?? resource.name;
    const list = files.get(path);
    if (list) list.push(resource);
    else files.set(path, [resource]);
  }
  return files;
}

/** A single file is `.` with the reference client, and its own name in the specification. */
function underSignedName(local: LocalFiles, signed: ReadonlyMap<string, unknown>, fileName?: string): LocalFiles {
  const only = local.get('.');
  if (!only || local.size !== 1 || fileName === undefined || !signed.has(fileName)) return local;
  return new Map([[fileName, only]]);
}

/** Byte for byte the same pieces. Their names are compared by range: a path may be spelt otherwise for a single file. */
function isSame(signed: readonly OmsResource[], found: readonly OmsResource[]): boolean {
  if (signed.length !== found.length) return false;
  const digests = new Map(found.map((resource) => [rangeOf(resource), resource.digest]));
  return signed.every((resource) => digests.get(rangeOf(resource)) === resource.digest);
}

function rangeOf({ shard }: OmsResource): string {
  return shard ? `${shard.start}:${shard.end}` : '';
}
