import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** Size and time of a file, by which it is known again without reading it. */
export interface FileStamp {
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
}

export type BoundedFile = FileStamp &
  (
    | { readonly bytes: Uint8Array; readonly refusal: null }
    | { readonly bytes: null; readonly refusal: { readonly code: 'unreadable' | 'too-large'; readonly reason: string } }
  );

/**
 * Reads a file of at most `limit` bytes, or with `start` alone no more than that many from its beginning. A file that
 * grows meanwhile outgrows nothing; a pipe in its place holds nobody up. What cannot be read is said, not thrown.
 */
export async function readBounded(
  path: string,
  limit: number,
  part: 'whole' | 'start' = 'whole',
): Promise<BoundedFile> {
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const status = await file.stat();
    const stamp = { size: status.size, modifiedAt: Math.floor(status.mtimeMs) };
    if (!status.isFile()) throw new Error('it is not a file');
    if (stamp.size > limit && part === 'whole') {
      const reason = `The file has ${stamp.size} bytes; at most ${limit} are read of such a one. Take it out of the folder.`;
      return { ...stamp, bytes: null, refusal: { code: 'too-large', reason } };
    }
    const buffer = Buffer.alloc(Math.min(stamp.size, limit));
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      ({ bytesRead: read } = await file.read(buffer, length, buffer.length - length, length));
    }
    return { ...stamp, bytes: buffer.subarray(0, length), refusal: null };
  } catch (error) {
    const reason = `The file cannot be read: ${(error as Error).message}. Let the jobs' user read it.`;
    return { size: 0, modifiedAt: 0, bytes: null, refusal: { code: 'unreadable', reason } };
  }
}
