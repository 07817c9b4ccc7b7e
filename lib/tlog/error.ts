/**
 * Why tlog code refused something. The closed list lets callers decide by code and never by message:
 * `bad-*` is malformed input, the others are well-formed input that proves nothing or proves misbehaviour.
 */
export type TlogErrorCode =
  | 'bad-base64'
  | 'bad-bundle'
  | 'bad-checkpoint'
  | 'bad-evidence'
  | 'bad-hash'
  | 'bad-hex'
  | 'bad-key'
  | 'bad-note'
  | 'bad-path'
  | 'bad-policy'
  | 'bad-proof'
  | 'bad-range'
  | 'bad-tile'
  /** A line of a known key carries a signature that does not verify; the whole note is refused. */
  | 'bad-signature'
  /** No known key signed the note. */
  | 'unsigned'
  /** A properly signed checkpoint of another log. */
  | 'wrong-origin'
  /** The proof is well formed and leads to another root. */
  | 'root-mismatch';

export class TlogError extends Error {
  readonly code: TlogErrorCode;

  constructor(code: TlogErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TlogError';
    this.code = code;
  }
}

const QUOTED_LENGTH = 80;

/** Hostile text made fit for an error message: cut, quoted, and control characters escaped. */
export function quote(text: string): string {
  return JSON.stringify(text.length > QUOTED_LENGTH ? `${text.slice(0, QUOTED_LENGTH)}…` : text);
}
