import { ApiError } from './problem.ts';

/** A body as JSON. @throws {ApiError} where it is none in UTF-8. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new ApiError({ code: 'bad-request', detail: 'The body is not JSON in UTF-8.' });
  }
}
