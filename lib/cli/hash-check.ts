import type { HashList, ListedFile } from '#lib/hash-list/hash-list.ts';
import { HashListError } from '#lib/hash-list/hash-list-error.ts';
import { readHashList } from '#lib/hash-list/read.ts';
import { matchModelFiles } from '#lib/model-files/match-files.ts';
import { relativeToModel } from '#lib/model-files/walk.ts';
import type { FileMatch, FileState } from '#lib/model-signing/match.ts';
import { formatCount, formatPlural } from '#lib/provenance/format.ts';
import { EXIT, type ExitCode, UsageError } from './command.ts';
import { hashingProgress } from './hashing-progress.ts';
import type { CommandInput } from './input.ts';
import { readHashType, readMatchOptions } from './model-options.ts';
import { print, printJson } from './output.ts';
import { readFileUpTo } from './read-file.ts';

/** As many files as a model may have; a server takes fewer of one list. */
const LIMITS = { maxBytes: 128 * 1024 * 1024, maxFiles: 200_000 };
/** What the list decides, or what describes a model without one. */
const OTHERS = ['format', 'output', 'shard-size'];
const OTHER_FLAGS = ['tag', 'root'];

type State = FileState | 'not-comparable';

interface HeldFile {
  readonly path: string;
  readonly state: State;
}

/** What each state means for a list that nobody signed. */
const WORDS: Readonly<Record<State, string>> = {
  matches: 'as listed',
  differs: 'differs',
  missing: 'missing',
  extra: 'not listed',
  ignored: 'left out',
  empty: 'empty, of which shards say nothing',
  'not-comparable': 'listed without a digest',
};

const GOOD: readonly State[] = ['matches', 'ignored', 'empty'];

/**
 * Holds the model on the disk against a list of hashes: like `sha256sum --check`, but what is not listed counts too.
 *
 * @throws {UsageError} for options that have no part in it, and a list that cannot be read.
 */
export async function checkHashes(input: CommandInput, listFile: string, paths: readonly string[]): Promise<ExitCode> {
  const [path] = paths;
  if (path === undefined || paths.length > 1)
    throw new UsageError('--check holds one model against the list. Name one.');
  refuseOthers(input);
  const list = await readList(input, listFile);
  const files = await hold(input, path, list, listFile);
  const matches = files.every(({ state }) => GOOD.includes(state));
  if (input.flag('json')) printJson({ list: listFile, path, matches, files });
  else printFiles(path, files, list);
  return matches ? EXIT.good : EXIT.bad;
}

function refuseOthers(input: CommandInput): void {
  const given = OTHERS.find((name) => input.text(name) !== undefined) ?? OTHER_FLAGS.find((name) => input.flag(name));
  const other = given ?? (input.flag('ignore-git-paths') ? undefined : 'no-ignore-git-paths');
  if (other) throw new UsageError(`--${other} has no part in --check: the list says how it was hashed. Leave it out.`);
}

/** Lines of 64 digits do not say whether they are of SHA-256 or BLAKE3: there `--hash-type` does. */
async function readList(input: CommandInput, file: string): Promise<HashList> {
  const hashType = readHashType(input);
  const bytes = await readFileUpTo(file, LIMITS.maxBytes, 'list');
  try {
    const list = readHashList(bytes, { ...LIMITS, ...(hashType && { hashType }) });
    if (hashType === undefined || list.hashType === hashType) return list;
    throw new UsageError(`The list ${file} is of ${list.hashType}, not of ${hashType}. Leave out --hash-type.`);
  } catch (error) {
    if (!(error instanceof HashListError)) throw error;
    throw new UsageError(`The list ${file} cannot be used: ${error.message}`);
  }
}

async function hold(input: CommandInput, path: string, list: HashList, listFile: string): Promise<HeldFile[]> {
  const { operator = [], ...asked } = readMatchOptions(input, path);
  const { end, ...progress } = hashingProgress(`Hashing ${path}`);
  const listed = {
    method: list.shardSize === null ? 'files' : 'shards',
    hashType: list.hashType,
    shardSize: list.shardSize,
    allowSymlinks: input.flag('allow-symlinks'),
    resources: list.files.flatMap(({ digests }) => digests),
    ignorePaths: list.leftOut,
  } as const;
  // The list may lie in the model, as SHA256SUMS often does.
  const leftOut = [...operator, ...relativeToModel(path, [listFile])];
  try {
    const { files } = await matchModelFiles(path, listed, { ...asked, ...progress, operator: leftOut });
    return withoutDigests(files, list);
  } finally {
    end();
  }
}

/** Of a file that is listed without a digest nobody can say whether it is the same. */
function withoutDigests(files: readonly FileMatch[], list: HashList): HeldFile[] {
  const bare = new Set(list.files.filter((file) => isBare(file, list)).map(({ path }) => path));
  const found = new Set(files.map(({ path }) => path));
  const held = files.map(({ path, state }): HeldFile => {
    return { path, state: state === 'extra' && bare.has(path) ? 'not-comparable' : state };
  });
  const gone = [...bare].filter((path) => !found.has(path));
  return [...held, ...gone.map((path): HeldFile => ({ path, state: 'missing' }))];
}

/** An empty file has no shards. */
function isBare({ digests, size }: ListedFile, { shardSize }: HashList): boolean {
  return digests.length === 0 && (shardSize === null || size !== 0);
}

function printFiles(path: string, files: readonly HeldFile[], list: HashList): void {
  for (const { path: file, state } of files) if (!GOOD.includes(state)) print(`${WORDS[state]}: ${file}`);
  if (files.every(({ state }) => state === 'missing' || state === 'extra' || state === 'ignored')) {
    print("No listed file is there. Names in a list start at the model's folder, without its own name.");
  }
  for (const remark of list.remarks) print(`remark: ${remark}`);
  const counts = Object.entries(WORDS).flatMap(([state, word]) => {
    const count = files.filter((file) => file.state === state).length;
    return count === 0 ? [] : [`${formatCount(count)} ${word}`];
  });
  print(`${path}: ${formatPlural(files.length, 'path')}: ${counts.join(', ')}.`);
}
