/** An archive that would not verify is not made. The message says what is missing, and how to mend it. */
export class ExportError extends Error {
  override readonly name = 'ExportError';
}
