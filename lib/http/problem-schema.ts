import { z } from '@hono/zod-openapi';

const problem = z
  .object({
    type: z.string().openapi({ description: 'Where the reference explains this kind of problem.' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().openapi({ description: 'What, where, and how to mend it.' }),
    code: z.string().openapi({ description: 'Which problem it is; of refusals, why. The same for every occurrence.' }),
    at: z.string().optional().openapi({ description: 'The field, parameter or character at fault.' }),
  })
  .openapi('Problem', { description: 'A problem document (RFC 9457).' });

const DESCRIPTIONS = {
  400: 'The request is not as described.',
  401: 'No token, or one that does not hold, and nobody is signed in.',
  403: 'The token, or the role, may not do this.',
  404: 'There is no such thing.',
  409: 'It is taken, or its first request is still under way.',
  413: 'The body is too large.',
  422: 'What was handed in was refused.',
  429: 'More requests in a minute than one client may make.',
  503: 'The database cannot be read, or no standards are in force yet.',
} as const;

type Status = keyof typeof DESCRIPTIONS;

/** Every route looks who asks, and can be asked too often. */
const ALWAYS = [401, 403, 429] as const;

type Always = (typeof ALWAYS)[number];

interface ProblemResponse {
  readonly description: string;
  readonly content: { readonly 'application/problem+json': { readonly schema: typeof problem } };
}

/** The responses with a problem document (RFC 9457) that a route can give, with those of every route. */
export function problems<S extends Status>(...statuses: readonly S[]): Record<S | Always, ProblemResponse> {
  const responses = [...new Set([...statuses, ...ALWAYS])].map((status): [S | Always, ProblemResponse] => [
    status,
    { description: DESCRIPTIONS[status], content: { 'application/problem+json': { schema: problem } } },
  ]);
  return Object.fromEntries(responses) as Record<S | Always, ProblemResponse>;
}
