import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { UsageError } from './command.ts';

/**
 * Writes a file in one step: there is either the old one, or the new one whole. Content that comes in pieces is never held whole.
 *
 * @param what the file's part in the command, for messages: `signature`.
 * @throws {UsageError} where it cannot be written.
 */
export async function writeFileWhole(
  path: string,
  content: string | Uint8Array | AsyncIterable<Uint8Array>,
  what: string,
): Promise<void> {
  let temporary: string | undefined;
  try {
    const target = await targetOf(path);
    temporary = `${target}.${process.pid}.tmp`;
    // Flag `wx`: a link that somebody put there beforehand is not written through.
    await using file = await open(temporary, 'wx');
    await file.writeFile(content);
    await rename(temporary, target);
  } catch (error) {
    if (temporary !== undefined) await rm(temporary, { force: true });
    throw new UsageError(`The ${what} ${path} cannot be written: ${(error as Error).message}.`);
  }
}

/** What a link leads to is replaced, not the link; a device is not. */
async function targetOf(path: string): Promise<string> {
  try {
    const target = await realpath(path);
    if ((await stat(target)).isFile()) return target;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return path;
    throw error;
  }
  throw new Error('there is something else than a file');
}
