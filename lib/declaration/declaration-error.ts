/** Why a file was not taken as the declaration that its name says it is. */
export type DeclarationErrorCode =
  | 'too-large'
  | 'not-text'
  | 'not-yaml'
  | 'not-json'
  | 'bad-header'
  | 'bad-declaration';

/** The message says in one sentence what is wrong and where: the field, the line or the byte. */
export class DeclarationError extends Error {
  override readonly name = 'DeclarationError';
  readonly code: DeclarationErrorCode;

  constructor(code: DeclarationErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
