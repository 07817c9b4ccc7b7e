import { refusalOfRemoteForm } from '#lib/http/local-request.ts';
import { ApiError } from '#lib/http/problem.ts';
import { PROBLEM_CODES } from '#lib/http/problem-codes.ts';
import { readBody } from '#lib/http/read-body.ts';
import { createLogger } from '#lib/logger.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { readDatabase } from './database.ts';
import { listening } from './listening.ts';

const MAX_BODY = 64 * 1024;

/** The form asks for what cannot be done. */
export class FormRefusedError extends Error {
  override readonly name = 'FormRefusedError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Does what a form of ours asks for, for somebody at this machine, and leads back to a page. Pages have no sign-in: whoever
 * reaches them from elsewhere changes nothing, and is told the command that does the same.
 *
 * @param act returns the address to lead to.
 */
export async function localForm(
  request: Request,
  instead: string,
  act: (ctx: ServiceContext, form: URLSearchParams) => string | Promise<string>,
): Promise<Response> {
  const refusal = refusalOfRemoteForm(request.headers, listening());
  if (refusal !== null) return refuse(403, `${refusal} ${instead}`);
  try {
    const form = new URLSearchParams(Buffer.from(await readBody(request, MAX_BODY)).toString());
    const database = readDatabase();
    if ('problem' in database) return refuse(503, database.problem);
    const location = await act({ database, now: Date.now, log: createLogger('web') }, form);
    return new Response(null, { status: 303, headers: { Location: location } });
  } catch (error) {
    if (error instanceof FormRefusedError) return refuse(error.status, error.message);
    if (error instanceof ApiError) return refuse(PROBLEM_CODES[error.problem.code].status, error.problem.detail);
    throw error;
  }
}

function refuse(status: number, reason: string): Response {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' };
  return new Response(`${reason}\n\nNothing was changed.\n`, { status, headers });
}
