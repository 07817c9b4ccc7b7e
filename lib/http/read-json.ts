import type { z } from '@hono/zod-openapi';
import { describeIssue } from './describe-issue.ts';
import { parseJson } from './parse-json.ts';
import { ApiError } from './problem.ts';
import { readBody } from './read-body.ts';

/** Most of a body that has no files in it. */
const SMALL = 16 * 1024;

/**
 * A JSON body, read by hand where who may not send it is told so before anything of it is looked at.
 *
 * @param limit most bytes of it.
 * @throws {ApiError} for what is too long, no JSON, or other than the schema says.
 */
export async function readJson<S extends z.ZodType>(request: Request, schema: S, limit = SMALL): Promise<z.output<S>> {
  const bytes = await readBody(request, limit);
  const read = schema.safeParse(parseJson(bytes));
  if (!read.success) throw new ApiError({ code: 'bad-request', ...describeIssue(read.error) });
  return read.data;
}
