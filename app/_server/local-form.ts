import { ApiError } from '#lib/http/problem.ts';
import { PROBLEM_CODES } from '#lib/http/problem-codes.ts';
import { readBody } from '#lib/http/read-body.ts';
import { createLogger } from '#lib/logger.ts';
import { AccessRefusedError } from '#lib/services/access/access-refused.ts';
import { PasswordBusyError } from '#lib/services/access/password.ts';
import { PausedError } from '#lib/services/access/paused-error.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { readDatabase } from './database.ts';
import { refusalOfForeign } from './own-form.ts';

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

/** Where a form leads to, with what the browser is to keep. */
export interface FormAnswer {
  readonly location: string;
  readonly cookies?: readonly string[];
}

/**
 * Does what a form of ours asks for, and leads on. It came from one of our pages; who may send it is `act`'s to say, before
 * anything else (`roleForm` does).
 *
 * @param act returns the address to lead to.
 */
export async function ownForm(
  request: Request,
  instead: string,
  act: (ctx: ServiceContext, form: URLSearchParams) => FormAnswer | Promise<FormAnswer>,
): Promise<Response> {
  const refusal = refusalOfForeign(request.headers);
  if (refusal !== null) return refuseForm(403, `${refusal} ${instead}`);
  try {
    const form = new URLSearchParams(Buffer.from(await readBody(request, MAX_BODY)).toString());
    const database = readDatabase();
    if ('problem' in database) return refuseForm(503, database.problem);
    return leadOn(await act({ database, now: Date.now, log: createLogger('web') }, form));
  } catch (error) {
    return refuseForm(...refusalOf(error));
  }
}

/** A redirect after a form (303), which no cache keeps. */
export function leadOn({ location, cookies = [] }: FormAnswer): Response {
  const headers = new Headers({ Location: location, 'Cache-Control': 'no-store' });
  for (const cookie of cookies) headers.append('Set-Cookie', cookie);
  return new Response(null, { status: 303, headers });
}

/** Status and sentence of an error that is the asker's. @throws what is a fault of ours. */
export function refusalOf(error: unknown): [status: number, reason: string] {
  if (error instanceof FormRefusedError) return [error.status, error.message];
  if (error instanceof AccessRefusedError) return [400, error.message];
  if (error instanceof PausedError) return [429, error.message];
  if (error instanceof PasswordBusyError) return [503, error.message];
  if (error instanceof ApiError) return [PROBLEM_CODES[error.problem.code].status, error.problem.detail];
  throw error;
}

export function refuseForm(status: number, reason: string): Response {
  const headers = {
    'Content-Type': 'text/plain; charset=utf-8',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  };
  return new Response(`${reason}\n\nNothing was changed.\n`, { status, headers });
}
