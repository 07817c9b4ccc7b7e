import { availableParallelism } from 'node:os';
import { relative, resolve, sep } from 'node:path';
import { HashCache } from '#lib/model-files/hash-cache.ts';
import type { ModelFilesOptions } from '#lib/model-files/manifest.ts';
import type { MatchFilesOptions } from '#lib/model-files/match-files.ts';
import { relativeToModel } from '#lib/model-files/walk.ts';
import { IgnoreRules } from '#lib/model-signing/ignore.ts';
import { type HashType, isHashType } from '#lib/model-signing/resource.ts';
import { type CliCommand, UsageError } from './command.ts';
import type { CommandInput } from './input.ts';
import { printError } from './output.ts';

const MOST_WORKERS = 64;
/** More threads than this seldom help: the disk is the limit then. */
const USUAL_WORKERS = 8;
/** As model_signing 1.1.1 writes them into a manifest. */
const GIT_PATHS = ['.git', '.gitattributes', '.github', '.gitignore'];

/** Of every command that reads a model to hold it against what is known: the way of hashing is then given. */
export const MATCH_OPTIONS: CliCommand['options'] = [
  {
    flags: '--ignore <path>',
    description: 'Leave out this file or folder of the model; may be given more than once',
  },
  {
    flags: '--workers <n>',
    description: `Threads that hash; as many as the machine has, up to ${USUAL_WORKERS}, if not said`,
  },
  {
    flags: '--cache <file>',
    description:
      'Keep digests of unchanged files in this file. Who can write it decides what is found: keep it your own',
  },
];

/** Of every command that reads a model to describe it. */
export const MODEL_OPTIONS: CliCommand['options'] = [
  { flags: '--hash-type <name>', description: 'sha256 (if not said), blake2b or blake3' },
  {
    flags: '--shard-size <bytes>',
    description:
      'One digest for every so many bytes of a file, instead of one a file; not to be signed with blake3, of which model_signing knows no shards',
  },
  { flags: '--allow-symlinks', description: 'Hash what links to files lead to, instead of refusing links' },
  { flags: '--no-ignore-git-paths', description: 'Hash .git, .gitignore, .gitattributes and .github too' },
  ...MATCH_OPTIONS,
];

/** How a model is to be read, and what a manifest must say of it. */
export interface AskedModel extends ModelFilesOptions {
  readonly hashType: HashType;
  /** Bytes; null for whole files. */
  readonly shardSize: number | null;
  readonly allowSymlinks: boolean;
  readonly rules: IgnoreRules;
  readonly workers: number;
  readonly mayBlock: true;
  readonly cache: HashCache | null;
  /** From the model's folder: what is left out, for the manifest to name. */
  readonly ignorePaths: readonly string[];
}

/**
 * Reads the options of `MODEL_OPTIONS`.
 *
 * @param leftOut further paths to leave out where they lie in the model: the signature's own, say.
 * @throws {UsageError} for what cannot be used, and for a cache that lies in the model.
 */
export function readModelOptions(input: CommandInput, modelPath: string, leftOut: readonly string[] = []): AskedModel {
  const operator = relativeToModel(modelPath, [...input.texts('ignore'), ...leftOut]);
  const isGitIgnored = input.flag('ignore-git-paths');
  return {
    hashType: readHashType(input) ?? 'sha256',
    shardSize: readCount(input, 'shard-size', Number.MAX_SAFE_INTEGER),
    allowSymlinks: input.flag('allow-symlinks'),
    rules: new IgnoreRules({ operator, defaults: isGitIgnored }),
    ignorePaths: isGitIgnored ? [...operator, ...GIT_PATHS] : operator,
    workers: readWorkers(input),
    mayBlock: true,
    cache: readCache(input, modelPath),
  };
}

/** Reads the options of `MATCH_OPTIONS`. @throws {UsageError} as `readModelOptions` does. */
export function readMatchOptions(input: CommandInput, modelPath: string): MatchFilesOptions {
  return {
    operator: relativeToModel(modelPath, input.texts('ignore')),
    workers: readWorkers(input),
    mayBlock: true,
    cache: readCache(input, modelPath),
  };
}

/** The value of `--hash-type`. @throws {UsageError} where there is no such hash. */
export function readHashType(input: CommandInput): HashType | undefined {
  const name = input.text('hash-type');
  if (name === undefined || isHashType(name)) return name;
  throw new UsageError(`There is no hash type ${name}. Choose sha256, blake2b or blake3.`);
}

function readWorkers(input: CommandInput): number {
  return readCount(input, 'workers', MOST_WORKERS) ?? Math.min(USUAL_WORKERS, availableParallelism());
}

function readCount(input: CommandInput, name: string, most: number): number | null {
  const text = input.text(name);
  if (text === undefined) return null;
  const value = /^[1-9]\d{0,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= most) return value;
  throw new UsageError(`--${name} ${text} is no whole number from 1 to ${most}.`);
}

/** A cache in the model would be one of its files, and change it with every run. */
function readCache(input: CommandInput, modelPath: string): HashCache | null {
  const file = input.text('cache');
  if (file === undefined) return null;
  const inModel = relative(resolve(modelPath), resolve(file));
  if (inModel !== '..' && !inModel.startsWith(`..${sep}`)) {
    throw new UsageError(`The cache ${file} lies in the model, and would be one of its files. Put it elsewhere.`);
  }
  return new HashCache(file, printError);
}
