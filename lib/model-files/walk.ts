import { type Dirent, lstatSync, type Stats, statSync } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { IgnoreRule, IgnoreRules } from '#lib/model-signing/ignore.ts';
import { ModelFilesError, unreadable } from './model-files-error.ts';

/** As many files as a manifest may list. */
const MAX_FILES = 200_000;

export interface WalkOptions {
  readonly rules: IgnoreRules;
  /** Whether links to files are hashed as what they lead to. Links to folders are never followed. */
  readonly allowSymlinks?: boolean;
  /** Whether this thread has nothing else to do, so that it may wait for the disk: several times as quick. */
  readonly mayBlock?: boolean;
}

export interface ModelPath {
  /** From the model's folder, `/` between the parts; `.` alone where the model is a single file. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

export interface ModelPaths {
  readonly files: readonly ModelPath[];
  /** What was left out, whole folders by their own path alone. */
  readonly ignored: readonly { readonly path: string; readonly rule: IgnoreRule }[];
}

/**
 * Lists the files of a model as model_signing 1.1.1 does, but does not look into what is left out.
 *
 * @throws {ModelFilesError} for a symbolic link that is not allowed or leads nowhere, for what is neither file nor folder,
 *   and for names that are not UTF-8.
 */
export async function walkModel(modelPath: string, options: WalkOptions): Promise<ModelPaths> {
  const model = await statusOf(modelPath, modelPath, options);
  if (model.isFile()) return { files: [{ path: '.', size: model.size }], ignored: [] };
  const files: ModelPath[] = [];
  const ignored: { path: string; rule: IgnoreRule }[] = [];
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await list(join(modelPath, folder))) {
      const path = folder === '' ? nameOf(entry, folder) : `${folder}/${nameOf(entry, folder)}`;
      const rule = options.rules.find(path);
      if (rule) {
        ignored.push({ path, rule });
      } else {
        const status = await statusOf(join(modelPath, path), path, options);
        if (status.isFile()) files.push({ path, size: status.size });
        // A link to a folder is none itself.
        else if (entry.isDirectory()) folders.push(path);
      }
      if (files.length + ignored.length + folders.length > MAX_FILES) {
        throw new ModelFilesError('too-many', `${modelPath} has more than ${MAX_FILES} files. Is it the right folder?`);
      }
    }
  }
  return { files, ignored };
}

/**
 * Paths to leave out as rules have them: relative to the model's folder. Relative ones start at the working directory;
 * those outside the model leave out nothing, and are dropped.
 */
export function relativeToModel(modelPath: string, paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const inModel = relative(resolve(modelPath), resolve(path));
    const isOutside = inModel === '..' || inModel.startsWith(`..${sep}`) || isAbsolute(inModel);
    return isOutside ? [] : [inModel === '' ? '.' : inModel.split(sep).join('/')];
  });
}

async function list(folder: string): Promise<Dirent<Buffer>[]> {
  try {
    return await readdir(folder, { encoding: 'buffer', withFileTypes: true });
  } catch (error) {
    throw unreadable(folder, error);
  }
}

/** Names are bytes to the system, and text in a manifest: what is no UTF-8 could be read back as another file. */
function nameOf(entry: Dirent<Buffer>, folder: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(entry.name);
  } catch {
    throw new ModelFilesError(
      'bad-name',
      `A name in ${folder === '' ? 'the model' : JSON.stringify(folder)} is not UTF-8 (bytes ${entry.name.toString('hex')}). Rename the file.`,
    );
  }
}

/** Of a file or a folder. */
async function statusOf(path: string, shown: string, options: WalkOptions): Promise<Stats> {
  let status: Stats;
  try {
    status = options.mayBlock ? lstatSync(path) : await lstat(path);
    if (status.isSymbolicLink()) {
      if (!options.allowSymlinks) {
        throw new ModelFilesError(
          'symlink',
          `${JSON.stringify(shown)} is a symbolic link, whose target can change without the model. Replace it with the file, leave it out, or allow links.`,
        );
      }
      status = options.mayBlock ? statSync(path) : await stat(path);
    }
  } catch (error) {
    throw error instanceof ModelFilesError ? error : unreadable(path, error);
  }
  if (status.isFile() || status.isDirectory()) return status;
  throw new ModelFilesError(
    'not-a-file',
    `${JSON.stringify(shown)} is neither a file nor a folder, so it cannot be hashed. Remove it or leave it out.`,
  );
}
