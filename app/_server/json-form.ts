import { readBody } from '#lib/http/read-body.ts';
import { createLogger } from '#lib/logger.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { readDatabase } from './database.ts';
import { FormRefusedError, refusalOf } from './local-form.ts';
import { refusalOfForeign } from './own-form.ts';

const MAX_BODY = 64 * 1024;

export interface JsonAnswer {
  readonly body: object;
  readonly cookies?: readonly string[];
}

/** As `ownForm`, for scripts of our pages: JSON in, JSON out; a refusal is `{ problem }`. */
export async function ownJson(
  request: Request,
  act: (ctx: ServiceContext, body: unknown) => JsonAnswer | Promise<JsonAnswer>,
): Promise<Response> {
  const refusal = refusalOfForeign(request.headers);
  if (refusal !== null) return refuse(403, refusal);
  try {
    const text = Buffer.from(await readBody(request, MAX_BODY)).toString();
    const database = readDatabase();
    if ('problem' in database) return refuse(503, database.problem);
    const { body, cookies = [] } = await act({ database, now: Date.now, log: createLogger('web') }, parse(text));
    const headers = new Headers({ 'Cache-Control': 'no-store' });
    for (const cookie of cookies) headers.append('Set-Cookie', cookie);
    return Response.json(body, { headers });
  } catch (error) {
    return refuse(...refusalOf(error));
  }
}

function parse(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    throw new FormRefusedError(400, 'The body is not JSON.');
  }
}

function refuse(status: number, problem: string): Response {
  return Response.json({ problem }, { status, headers: { 'Cache-Control': 'no-store' } });
}
