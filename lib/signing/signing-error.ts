/** Something could not be signed. The message says which service or file, what is wrong, and how to mend it. */
export class SigningError extends Error {
  override readonly name = 'SigningError';
}
