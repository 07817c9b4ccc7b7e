import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** What went wrong, as RFC 9457 writes it, with what a client needs to mend it. */
export interface Problem {
  /** Short and the same for every occurrence: `refused`, `not-found`. */
  readonly code: string;
  readonly title: string;
  /** What, where, and how to mend it. */
  readonly detail: string;
  /** The field, parameter or character at fault. */
  readonly at?: string | null;
}

/** Ends a request; the handler of the API turns it into a problem document. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: ContentfulStatusCode;
  readonly problem: Problem;

  constructor(status: ContentfulStatusCode, problem: Problem) {
    super(problem.detail);
    this.status = status;
    this.problem = problem;
  }
}

export function notFound(what: string, mend: string): ApiError {
  return new ApiError(404, { code: 'not-found', title: 'Not found', detail: `${what} ${mend}` });
}

/** Answers with `application/problem+json`. */
export function problemResponse(c: Context, status: ContentfulStatusCode, problem: Problem): Response {
  const { code, title, detail, at } = problem;
  return c.body(JSON.stringify({ type: 'about:blank', title, status, detail, code, ...(at ? { at } : {}) }), status, {
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
  });
}
