import type { Context } from 'hono';
import { PROBLEM_CODES, type ProblemCode } from './problem-codes.ts';

/** What went wrong, as RFC 9457 writes it, with what a client needs to mend it. */
export interface Problem {
  readonly code: ProblemCode;
  /** What, where, and how to mend it. */
  readonly detail: string;
  /** The field, parameter or character at fault. */
  readonly at?: string | null;
  /** Why it was refused, where the kind of problem has many reasons: the document’s `code` then. */
  readonly reason?: string;
  /** Headers of the answer. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Ends a request; the handler of the API turns it into a problem document. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }

  get status() {
    return PROBLEM_CODES[this.problem.code].status;
  }
}

export function notFound(what: string, mend: string): ApiError {
  return new ApiError({ code: 'not-found', detail: `${what} ${mend}` });
}

/** Answers with `application/problem+json`. */
export function problemResponse(c: Context, { code, detail, at, reason, headers }: Problem): Response {
  const { title, status } = PROBLEM_CODES[code];
  const type = `/reference#problem-${code}`;
  const body = { type, title, status, detail, code: reason ?? code, ...(at ? { at } : {}) };
  return c.body(JSON.stringify(body), status, {
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
    ...(status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {}),
    ...headers,
  });
}
