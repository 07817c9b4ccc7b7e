/** Why the files of a model cannot be taken. */
export type ModelFilesErrorCode = 'unreadable' | 'symlink' | 'not-a-file' | 'bad-name' | 'too-many' | 'changed';

/** As many resources as a manifest may list: a signed shard size of one byte must not fill the memory. */
const MAX_SHARDS = 200_000;

/** The message says which file, what is wrong with it, and how to mend it. */
export class ModelFilesError extends Error {
  override readonly name = 'ModelFilesError';
  readonly code: ModelFilesErrorCode;

  constructor(code: ModelFilesErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** For what the operating system refuses. */
export function unreadable(path: string, error: unknown): ModelFilesError {
  const why = error instanceof Error ? error.message : String(error);
  return new ModelFilesError('unreadable', `${path} cannot be read: ${why}. Check that it is there and readable.`, {
    cause: error,
  });
}

/** For a file that grew or shrank. */
export function changed(path: string): ModelFilesError {
  return new ModelFilesError('changed', `${path} was changed while it was read. Try again when nobody writes to it.`);
}

/** For a file in whose place there is something else by now. */
export function noLongerFile(path: string): ModelFilesError {
  return new ModelFilesError('not-a-file', `${path} is no file any more. Try again when nobody changes the model.`);
}

/**
 * @param sizes bytes of each file.
 * @throws {ModelFilesError} where there would be more shards than a manifest may list.
 */
export function refuseTooManyShards(model: string, sizes: readonly number[], shardSize: number | null): void {
  if (shardSize === null) return;
  const shards = sizes.reduce((total, size) => total + Math.ceil(size / shardSize), 0);
  if (shards <= MAX_SHARDS) return;
  throw new ModelFilesError('too-many', `${model} has more than ${MAX_SHARDS} shards. Choose larger ones.`);
}
