import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from './command.ts';

/** A folder under way: files by their path below it, with `/` between its parts. */
export interface NewFolder {
  write(path: string, content: string | Uint8Array): Promise<void>;
}

/**
 * Makes a folder in one step: it is there whole, or not at all.
 *
 * @throws {UsageError} where it holds something already, or cannot be written.
 */
export async function writeFolderWhole(path: string, fill: (folder: NewFolder) => Promise<void>): Promise<void> {
  const target = resolve(path);
  await refuseFilled(target, path);
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  // Not one that somebody else put there.
  await mkdir(temporary).catch((error: Error) => {
    throw cannotWrite(path, error);
  });
  try {
    await fill({
      write: async (name, content) => {
        const file = join(temporary, name);
        await mkdir(dirname(file), { recursive: true }).catch((error: Error) => {
          throw cannotWrite(path, error);
        });
        await writeFile(file, content, { flag: 'wx' }).catch((error: Error) => {
          throw cannotWrite(path, error);
        });
      },
    });
    // Fails where somebody filled the folder meanwhile.
    await rename(temporary, target).catch((error: Error) => {
      throw cannotWrite(path, error);
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function refuseFilled(target: string, path: string): Promise<void> {
  try {
    if ((await readdir(target)).length === 0) return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw cannotWrite(path, error as Error);
  }
  throw new UsageError(`The folder ${path} is not empty, and nothing is written over. Name a new one.`);
}

function cannotWrite(path: string, error: Error): UsageError {
  return new UsageError(`The folder ${path} cannot be written: ${error.message}.`);
}
