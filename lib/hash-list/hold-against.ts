import { IgnoreRules } from '#lib/model-signing/ignore.ts';
import { type LocalFile, type FileState as MatchState, matchManifest } from '#lib/model-signing/match.ts';
import type { OmsManifest } from '#lib/model-signing/oms.ts';
import type { OmsResource } from '#lib/model-signing/resource.ts';
import { FILE_STATES, type FileAnswer, type FileState } from './file-answer.ts';
import type { HashList, ListedFile } from './hash-list.ts';
import { bestPrefix, withoutPrefix } from './prefix.ts';

export type KnownManifest = Pick<OmsManifest, 'method' | 'resources' | 'ignorePaths'>;

export interface HoldOptions {
  /** A folder to take off all paths; the one that fits best where not said. */
  readonly prefix?: string;
  /** Whether a file that is not listed is a signature, by its path without the folder and its digest. */
  readonly isSignature?: (path: string, digest: string | null) => boolean;
}

export interface HeldList {
  readonly prefix: string;
  readonly counts: Readonly<Record<FileState, number>>;
  /** In the order of FILE_STATES, then by path. */
  readonly files: readonly FileAnswer[];
}

/**
 * Holds a list of hashes against the files of a version: `matchManifest`, and what only a list needs: renamed files, files
 * without a digest, paths that the sender left out. Both must be hashed in the same way. Takes linear time.
 */
export function holdAgainst(list: HashList, manifest: KnownManifest, options: HoldOptions = {}): HeldList {
  const known = groupByPath(manifest.resources);
  const isSignature = options.isSignature ?? (() => false);
  const isAside = (path: string) => !path.includes('/') && isSignature(path, null);
  const prefix = options.prefix ?? bestPrefix(list, known, isAside);
  const given = placeFiles(list, prefix, known);
  const local = new Map([...given].map(([path, file]): [string, LocalFile] => [path, asLocal(file)]));
  const leftOut = new IgnoreRules({
    defaults: false,
    operator: list.leftOut.map((path) => withoutPrefix(path, prefix)),
  });
  const answers = matchManifest(manifest, local).files.map(({ path, state, rule }): FileAnswer => {
    const digest = digestOf(given.get(path)?.digests);
    const isAsideToo = state === 'extra' && isSignature(path, digest);
    return {
      path,
      state: isAsideToo ? 'ignored' : refine(state, given.get(path), leftOut.find(path) !== null),
      listed: digestOf(known.get(path)),
      given: digest,
      givenAs: null,
      rule: isAsideToo ? { by: 'signature-file', path } : rule,
    };
  });
  const files = pairRenamed(answers, known, given);
  return { prefix, counts: countStates(files), files: sortAnswers(files) };
}

function refine(state: MatchState, file: ListedFile | undefined, isLeftOut: boolean): FileState {
  if (state === 'differs' && file?.digests.length === 0) return 'no-digest';
  return state === 'missing' && isLeftOut ? 'left-out' : state;
}

/** A model of one file is `.` with some clients, and has its name with others. */
function placeFiles({ files }: HashList, prefix: string, known: ReadonlyMap<string, unknown>): Map<string, ListedFile> {
  const [only, ...others] = files;
  const [onlyKnown, ...othersKnown] = known.keys();
  const isSingle = only && others.length === 0 && onlyKnown !== undefined && othersKnown.length === 0;
  if (isSingle && (only.path === '.' || onlyKnown === '.')) return new Map([[onlyKnown, only]]);
  return new Map(files.map((file) => [placeOf(file.path, prefix), file]));
}

/** What lies beside the folder is shown beside it, so that it never stands for a file within. */
function placeOf(path: string, prefix: string): string {
  const within = withoutPrefix(path, prefix);
  return prefix !== '' && within === path ? `../${path}` : within;
}

/** Missing files whose content lies elsewhere under a name that is not listed: each taken once. */
function pairRenamed(
  answers: readonly FileAnswer[],
  known: ReadonlyMap<string, readonly OmsResource[]>,
  given: ReadonlyMap<string, ListedFile>,
): FileAnswer[] {
  const extras = new Map<string, FileAnswer[]>();
  for (const answer of answers) {
    const digests = given.get(answer.path)?.digests ?? [];
    if (answer.state !== 'extra' || digests.length === 0) continue;
    const key = contentKey(digests);
    const same = extras.get(key);
    if (same) same.push(answer);
    else extras.set(key, [answer]);
  }
  const taken = new Set<FileAnswer>();
  const renamed = answers.map((answer) => {
    if (answer.state !== 'missing') return answer;
    const extra = extras.get(contentKey(known.get(answer.path) ?? []))?.shift();
    if (!extra) return answer;
    taken.add(extra);
    return { ...answer, state: 'renamed' as const, given: extra.given, givenAs: extra.path };
  });
  return renamed.filter((answer) => !taken.has(answer));
}

function contentKey(digests: readonly OmsResource[]): string {
  return digests.map(({ digest, shard }) => `${shard?.start ?? 0}:${digest}`).join();
}

function asLocal({ size, digests }: ListedFile): LocalFile {
  return { size: size ?? Number.NaN, digests };
}

function digestOf(digests: readonly OmsResource[] | undefined): string | null {
  return digests?.length === 1 ? (digests[0]?.digest ?? null) : null;
}

function groupByPath(resources: readonly OmsResource[]): Map<string, OmsResource[]> {
  return Map.groupBy(resources, ({ name, shard }) => shard?.path ?? name);
}

export function countStates(files: readonly Pick<FileAnswer, 'state'>[]): Record<FileState, number> {
  const counts = Object.fromEntries(FILE_STATES.map((state) => [state, 0])) as Record<FileState, number>;
  for (const { state } of files) counts[state]++;
  return counts;
}

const RANK = new Map(FILE_STATES.map((state, i) => [state, i]));

export function sortAnswers(files: readonly FileAnswer[]): FileAnswer[] {
  return [...files].sort(
    (a, b) => (RANK.get(a.state) ?? 0) - (RANK.get(b.state) ?? 0) || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0),
  );
}
