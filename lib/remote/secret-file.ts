import { open } from 'node:fs/promises';

const MAX_BYTES = 4096;

/**
 * The secret in a file: its first line, without white space around it. Read again for every round, so that it can be
 * replaced while Modeltrail runs.
 *
 * @throws {Error} where it cannot be read, is empty or too long, or has a character that no header may carry.
 */
export async function readSecretFile(path: string): Promise<string> {
  const buffer = Buffer.alloc(MAX_BYTES + 1);
  let length: number;
  try {
    await using file = await open(path, 'r');
    ({ bytesRead: length } = await file.read(buffer, 0, buffer.length, 0));
  } catch (error) {
    throw new Error(`The secret in ${path} cannot be read: ${(error as Error).message}. Let the jobs' user read it.`);
  }
  const [line = ''] = buffer.toString('utf8', 0, length).split('\n', 1);
  const secret = line.trim();
  if (length > MAX_BYTES || !/^[\x21-\x7e]+$/.test(secret)) {
    throw new Error(`${path} holds no secret: write it on the first line, in printable ASCII without spaces.`);
  }
  return secret;
}
