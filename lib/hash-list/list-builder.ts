import { type HashType, type OmsResource, refuseUnsafePath } from '#lib/model-signing/resource.ts';
import { StatementError } from '#lib/model-signing/statement-error.ts';
import type { HashList, ListedFile } from './hash-list.ts';
import { HashListError } from './hash-list-error.ts';

/** Gathers the files of a list, each path once and none that leads out of the model. */
export class ListBuilder {
  private readonly files = new Map<string, ListedFile>();
  private readonly maxFiles: number;

  constructor(maxFiles: number) {
    this.maxFiles = maxFiles;
  }

  /**
   * Adds a file. The same file twice, with the same size and digests, counts once.
   *
   * @param at the line or field that names it, for errors.
   * @throws {HashListError} `bad-path`, `doubled-path`, `too-many-files`
   */
  add(file: ListedFile, at: string): void {
    refuseBadPath(file.path, at);
    const known = this.files.get(file.path);
    if (known && !isSame(known, file)) {
      throw new HashListError(
        'doubled-path',
        `${at} names ${quoted(file.path)} a second time with another hash. List each file once.`,
        at,
      );
    }
    if (!known && this.files.size === this.maxFiles) {
      throw new HashListError(
        'too-many-files',
        `The list has more than ${this.maxFiles} files; so many are read of one list. Hand it in folder by folder.`,
        at,
      );
    }
    if (!known) this.files.set(file.path, file);
  }

  /** @throws {HashListError} `empty` without a file; `bad-path` where one path is both a file and a folder. */
  build(facts: Omit<HashList, 'files'>): HashList {
    if (this.files.size === 0) throw new HashListError('empty', 'The list names no file. Hash the model again.');
    const files = [...this.files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
    if (this.files.has('.') && files.length > 1) {
      throw new HashListError('bad-path', 'The list has "." beside other files: that path is of a model of one file.');
    }
    return { ...facts, files };
  }
}

/** @throws {HashListError} `bad-path` for a path that leads out of the model or has a second spelling. */
export function refuseBadPath(path: string, at: string): void {
  try {
    refuseUnsafePath(path, at);
  } catch (error) {
    if (!(error instanceof StatementError)) throw error;
    throw new HashListError('bad-path', error.message, at);
  }
}

/** Whether no list would be refused for this path. */
export function isSafePath(path: string): boolean {
  try {
    refuseUnsafePath(path, '');
    return true;
  } catch (error) {
    if (error instanceof StatementError) return false;
    throw error;
  }
}

/** The one digest of a whole file, as a manifest would list it. */
export function wholeFile(path: string, hashType: HashType, digest: string): OmsResource[] {
  return [{ name: path, algorithm: hashType, digest }];
}

/** Text from outside, short enough to stand in a message. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
}

function isSame(a: ListedFile, b: ListedFile): boolean {
  return a.size === b.size && JSON.stringify(a.digests) === JSON.stringify(b.digests);
}
