import { open } from 'node:fs/promises';
import { UsageError } from './command.ts';

/**
 * Reads a file of at most `limit` bytes; nothing more is read, whatever size the file is said to have.
 *
 * @param what the file's part in the command, for messages: `bundle`.
 * @throws {UsageError} where it cannot be read or is longer.
 */
export async function readFileUpTo(path: string, limit: number, what: string): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    await using file = await open(path, 'r');
    for await (const piece of file.createReadStream({ autoClose: false })) {
      size += (piece as Buffer).length;
      if (size > limit) break;
      pieces.push(piece as Buffer);
    }
  } catch (error) {
    throw new UsageError(`The ${what} cannot be read: ${(error as Error).message}.`);
  }
  if (size <= limit) return Buffer.concat(pieces, size);
  throw new UsageError(`The ${what} ${path} has more than the ${limit} bytes that are read. Is it the right file?`);
}
