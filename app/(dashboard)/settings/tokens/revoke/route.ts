import { refusalOfRemoteForm } from '#lib/http/local-request.ts';
import { ApiError } from '#lib/http/problem.ts';
import { PROBLEM_CODES } from '#lib/http/problem-codes.ts';
import { readBody } from '#lib/http/read-body.ts';
import { createLogger } from '#lib/logger.ts';
import { revokeToken } from '#lib/services/access/revoke-token.ts';
import { readDatabase } from '../../../../_server/database.ts';
import { listening } from '../../../../_server/listening.ts';

export const dynamic = 'force-dynamic';

const MAX_BODY = 4096;

/** Takes a token out of use, for the form on the page of tokens. */
export async function POST(request: Request): Promise<Response> {
  const refusal = refusalOfRemoteForm(request.headers, listening());
  if (refusal !== null) return refuse(403, `${refusal} Use modeltrail token revoke on the server’s machine.`);
  try {
    const form = new URLSearchParams(Buffer.from(await readBody(request, MAX_BODY)).toString());
    const database = readDatabase();
    if ('problem' in database) return refuse(503, database.problem);
    const ctx = { database, now: Date.now, log: createLogger('web') };
    if (!revokeToken(ctx, form.get('name') ?? '')) return refuse(404, 'No token of this name is in use.');
    return new Response(null, { status: 303, headers: { Location: '/settings/tokens#tokens' } });
  } catch (error) {
    if (error instanceof ApiError) return refuse(PROBLEM_CODES[error.problem.code].status, error.problem.detail);
    throw error;
  }
}

function refuse(status: number, reason: string): Response {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' };
  return new Response(`${reason}\n\nNothing was changed.\n`, { status, headers });
}
