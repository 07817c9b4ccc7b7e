import { ApiError } from './problem.ts';

/**
 * The body of a request, never more than `limit` bytes of it, whatever its headers say.
 *
 * @throws {ApiError} 413, or 400 for a request without one.
 */
export async function readBody(request: Request, limit: number): Promise<Uint8Array> {
  if (!request.body) throw new ApiError({ code: 'no-body', detail: 'The request has no body.' });
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of request.body) {
    length += part.length;
    if (length > limit) {
      const detail = `The body has more than ${limit} bytes. Send less at once.`;
      throw new ApiError({ code: 'too-large', detail });
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}
