/** Bytes that are no archive as `writeZip` writes them. The message is one sentence for people, without its full stop. */
export class ZipError extends Error {
  override readonly name = 'ZipError';
}
