import { FetchError } from '#lib/rekor/fetch-error.ts';
import { AnswerError } from '#lib/remote/answer-error.ts';

/**
 * What was read, or what is at fault with this one piece: an answer that is none, or one that is not there. What is at
 * fault with the server as a whole, and may pass, is thrown: it ends the look.
 */
export async function tolerate<T>(read: () => Promise<T>): Promise<T | AnswerError | FetchError> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof AnswerError || (error instanceof FetchError && !error.isPassing)) return error;
    throw error;
  }
}
