import type { z } from '@hono/zod-openapi';

type Issues = Pick<z.ZodError, 'issues'>;

/** The first thing that is wrong with a request: which part of it, and a sentence that says what. */
export function describeIssue({ issues: [issue] }: Issues): { at: string; detail: string } {
  const at = issue?.code === 'unrecognized_keys' ? issue.keys.join(', ').slice(0, 200) : (issue?.path.join('.') ?? '');
  const what =
    issue?.code === 'unrecognized_keys' ? 'there is no such parameter' : (issue?.message ?? 'is not as described');
  return { at, detail: `${at === '' ? 'The request' : at}: ${what}. See /api/v1/openapi.json.` };
}
