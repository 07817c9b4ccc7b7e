/** Why the files of a model cannot be taken. */
export type ModelFilesErrorCode = 'unreadable' | 'symlink' | 'not-a-file' | 'bad-name' | 'too-many' | 'changed';

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
