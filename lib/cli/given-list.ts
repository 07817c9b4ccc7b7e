import { join } from 'node:path';
import type { HashList } from '#lib/hash-list/hash-list.ts';
import { HashListError } from '#lib/hash-list/hash-list-error.ts';
import { HASH_LIST_LIMITS } from '#lib/hash-list/limits.ts';
import { readHashList } from '#lib/hash-list/read.ts';
import { readModelFiles } from '#lib/model-files/manifest.ts';
import { UsageError } from './command.ts';
import { describeHashed, renderHashes } from './hash-output.ts';
import { hashingProgress } from './hashing-progress.ts';
import type { CommandInput } from './input.ts';
import { readHashType, readModelOptions } from './model-options.ts';
import { readFileUpTo } from './read-file.ts';

/** The list of hashes that a file holds. @throws {UsageError} where it cannot be used. */
export async function readListFile(input: CommandInput, file: string): Promise<HashList> {
  const bytes = await readFileUpTo(file, HASH_LIST_LIMITS.maxBytes, 'list');
  return readList(bytes, `The list ${file}`, input);
}

/** Hashes a model on the disk, but for its `model.sig`. @throws {UsageError} where no list can hold it. @throws {ModelFilesError} */
export async function hashToList(input: CommandInput, path: string): Promise<HashList> {
  const asked = readModelOptions(input, path, [join(path, 'model.sig')]);
  const { end, ...progress } = hashingProgress(`Hashing ${path}`);
  const files = await readModelFiles(path, { ...asked, ...progress }).finally(end);
  if (files.files.size === 0) throw new UsageError(`${path} has no file to hash. Is it the right folder?`);
  const json = renderHashes([describeHashed(path, asked, files)], { format: 'json', isTagged: false });
  return readList(Buffer.from(json), `The list of ${path}`);
}

/** Read as a server reads it, within the same limits. */
function readList(bytes: Uint8Array, what: string, input?: CommandInput): HashList {
  const hashType = input && readHashType(input);
  try {
    return readHashList(bytes, hashType ? { hashType } : {});
  } catch (error) {
    if (!(error instanceof HashListError)) throw error;
    throw new UsageError(`${what} cannot be used: ${error.message}`);
  }
}
