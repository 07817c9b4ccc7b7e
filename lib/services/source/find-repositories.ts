import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { FolderSource } from '#lib/config/sources-schema.ts';

/** One state of one model repository on disk. */
export interface RepositoryFolder {
  /** Its path in the source; '' for the source's folder itself. */
  readonly key: string;
  /** Absolute, without symbolic links: where the files are. */
  readonly path: string;
  /** Links may lead to files in here and nowhere else. */
  readonly boundary: string;
  /** What the model is called. */
  readonly name: string;
  /** The Hub's name of it, and the commit, where they are known. */
  readonly repository: string | null;
  readonly revision: string | null;
  /** What people call this state: a tag, else the commit. */
  readonly label: string | null;
}

const MAX_REPOSITORIES = 1000;
const MAX_REFS = 100;
const COMMIT = /^[0-9a-f]{40}$/;
const CACHE_NAME = /^models--([A-Za-z0-9][A-Za-z0-9._-]*)--([A-Za-z0-9._-]+)$/;

/**
 * Finds the model repositories of a source: the folder itself, or each folder in it. A folder as the Hugging Face cache
 * keeps it (`refs`, `snapshots`) has one state for each of its references.
 */
export async function findRepositories(source: FolderSource): Promise<readonly RepositoryFolder[]> {
  const top = await realpath(source.folder);
  if (!source.each) return findStates(source, top, '');
  const entries = await readdir(top, { withFileTypes: true });
  const names = entries.flatMap((entry) => (entry.isDirectory() && !entry.name.startsWith('.') ? [entry.name] : []));
  if (names.length > MAX_REPOSITORIES) {
    throw new Error(
      `${top} holds ${names.length} folders; at most ${MAX_REPOSITORIES} are read. Divide it into several sources.`,
    );
  }
  const found: RepositoryFolder[] = [];
  for (const name of names.sort()) found.push(...(await findStates(source, join(top, name), name)));
  return found;
}

async function findStates(source: FolderSource, path: string, key: string): Promise<RepositoryFolder[]> {
  const [, owner, name] = CACHE_NAME.exec(basename(path)) ?? [];
  const cached = owner === undefined ? null : `${owner}/${name}`;
  const repository = source.repository ?? cached;
  const common = { boundary: path, repository, name: repository ?? basename(path) };
  const refs = await readRefs(join(path, 'refs'));
  if (refs === null || !(await isFolder(join(path, 'snapshots')))) {
    const revision = source.revision ?? null;
    return [{ ...common, key, path, revision, label: revision }];
  }
  const states: RepositoryFolder[] = [];
  for (const [commit, ref] of refs) {
    const snapshot = join(path, 'snapshots', commit);
    if (!(await isFolder(snapshot))) continue;
    const label = ref === 'main' ? commit : ref;
    states.push({ ...common, key: join(key, 'snapshots', commit), path: snapshot, revision: commit, label });
  }
  return states;
}

/** Each commit with the reference that says most of it: any other than `main`. Null where there are none. */
async function readRefs(folder: string): Promise<ReadonlyMap<string, string> | null> {
  if (!(await isFolder(folder))) return null;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = new Map<string, string>();
  for (const entry of entries.slice(0, MAX_REFS)) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || (await stat(path)).size > 100) continue;
    const commit = (await readFile(path, 'latin1')).trim();
    if (COMMIT.test(commit) && (!found.has(commit) || found.get(commit) === 'main')) {
      found.set(commit, path.slice(folder.length + 1));
    }
  }
  return found;
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
}
