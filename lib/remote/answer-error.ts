/** A server answered, but not with what its interface asks for. The message names the place and what is wrong there. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';
}
