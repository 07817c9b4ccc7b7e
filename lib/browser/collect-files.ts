import { refuseUnsafePath } from '#lib/model-signing/resource.ts';
import { type Picked, type PickedFile, type PickProblem, refuseTooMany } from './picked-file.ts';

/**
 * Files of an `<input>`: with `webkitdirectory` each knows its path, of which the first part is the chosen folder.
 *
 * @throws {PickError} for more than 100,000 files.
 */
export function collectChosen(chosen: ArrayLike<File>): Picked {
  refuseTooMany(chosen.length);
  return settle(
    Array.from(chosen, (file) => ({ path: file.webkitRelativePath || file.name, file })),
    [],
  );
}

/** What is asked of something that was dropped. */
export type DroppedItem = Pick<DataTransferItem, 'kind' | 'webkitGetAsEntry' | 'getAsFile'>;

/**
 * Everything below what was dropped (File and Directory Entries API). To be called while the event is handled: the list
 * is empty afterwards.
 *
 * @throws {PickError} for more than 100,000 files.
 */
export async function collectDropped(items: ArrayLike<DroppedItem>): Promise<Picked> {
  const entries = Array.from(items).flatMap((item) => (item.kind === 'file' ? [item.webkitGetAsEntry() ?? item] : []));
  const files: PickedFile[] = [];
  const problems: PickProblem[] = [];
  const waiting: (FileSystemEntry | DroppedItem)[] = entries.reverse();
  for (let entry = waiting.pop(); entry; entry = waiting.pop()) {
    if (!('fullPath' in entry)) {
      const file = entry.getAsFile();
      if (file) files.push({ path: file.name, file });
      continue;
    }
    const path = entry.fullPath.replace(/^\//, '');
    try {
      if (entry.isDirectory) waiting.push(...(await readFolder(entry as FileSystemDirectoryEntry)));
      else files.push({ path, file: await readEntry(entry as FileSystemFileEntry) });
    } catch (error) {
      problems.push({ path, reason: `The browser cannot read it: ${messageOf(error)}. Check its rights, or copy it.` });
    }
    refuseTooMany(files.length + waiting.length);
  }
  return settle(files, problems);
}

/** A folder is read in parts, until one is empty. */
async function readFolder(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) return all;
    for (const entry of part) all.push(entry);
    refuseTooMany(all.length);
  }
}

function readEntry(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** Takes the folder that all came in off the paths, and passes over what no manifest could name. */
function settle(all: readonly PickedFile[], unread: readonly PickProblem[]): Picked {
  const name = commonFolder([...all, ...unread].map(({ path }) => path));
  const relative = (path: string) => (name === null ? path : path.slice(name.length + 1));
  const problems = unread.map(({ path, reason }) => ({ path: relative(path), reason }));
  const files = new Map<string, PickedFile>();
  for (const { path: whole, file } of all) {
    const path = relative(whole);
    const reason = files.has(path) ? 'Two files have this path. Choose one folder at a time.' : unusable(path);
    if (reason === null) files.set(path, { path, file });
    else problems.push({ path, reason });
  }
  return { name, files: [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1)), problems };
}

function commonFolder(paths: readonly string[]): string | null {
  const first = paths[0]?.split('/')[0];
  if (first === undefined || first === '') return null;
  return paths.every((path) => path.startsWith(`${first}/`)) ? first : null;
}

function unusable(path: string): string | null {
  try {
    refuseUnsafePath(path, 'The folder');
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
}
