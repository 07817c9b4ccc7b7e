import type { z } from '@hono/zod-openapi';
import { describeIssue } from './describe-issue.ts';
import { ApiError } from './problem.ts';
import { readBody } from './read-body.ts';

const MAX_BODY = 16 * 1024;

/**
 * The small JSON body of a request, by its schema.
 *
 * @throws {ApiError} 400 for what is no JSON in UTF-8 or not as described, 413 for more than 16 KiB.
 */
export async function readJson<S extends z.ZodType>(request: Request, schema: S): Promise<z.output<S>> {
  const read = schema.safeParse(parse(await readBody(request, MAX_BODY)));
  if (!read.success) throw new ApiError({ code: 'bad-request', ...describeIssue(read.error) });
  return read.data;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new ApiError({ code: 'bad-request', detail: 'The body is not JSON in UTF-8.' });
  }
}
