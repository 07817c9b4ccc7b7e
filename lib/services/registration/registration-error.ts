/** `label-taken`: the label stands for other files. `incomplete`: the list cannot stand for a version. */
export type RegistrationErrorCode = 'label-taken' | 'incomplete' | 'bad-name';

/** Files that cannot be registered. The message says in a sentence what is wrong and how to mend it. */
export class RegistrationError extends Error {
  override readonly name = 'RegistrationError';
  readonly code: RegistrationErrorCode;
  /** The file, `model` or `label` at fault; null where it is the list as a whole. */
  readonly at: string | null;

  constructor(code: RegistrationErrorCode, message: string, at: string | null = null) {
    super(message);
    this.code = code;
    this.at = at;
  }
}
