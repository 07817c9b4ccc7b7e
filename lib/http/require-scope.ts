import type { Context } from 'hono';
import { checkToken } from '#lib/services/access/check-token.ts';
import type { Scope } from '#lib/services/access/scope.ts';
import type { ApiEnvironment } from './api.ts';
import { ApiError } from './problem.ts';

const MEND = 'Make one with: modeltrail token create NAME --scope';

/**
 * The name of the token that a request carries.
 *
 * @throws {ApiError} 401 without a token that holds, 403 for one that may not do this.
 */
export async function requireScope(c: Context, environment: ApiEnvironment, scope: Scope): Promise<string> {
  const [, token] = /^Bearer ([\x21-\x7e]{1,200})$/.exec(c.req.header('Authorization') ?? '') ?? [];
  if (token === undefined) {
    throw refusal(401, 'no-token', `The request carries no token in Authorization: Bearer. ${MEND} ${scope}.`);
  }
  const held = await checkToken(environment.database(), { token, now: environment.now() });
  if (held === null) throw refusal(401, 'bad-token', `The token is unknown, revoked or out of date. ${MEND} ${scope}.`);
  if (!held.scopes.includes(scope)) {
    throw refusal(403, 'missing-scope', `The token “${held.name}” may not do this: it lacks the scope ${scope}.`);
  }
  return held.name;
}

function refusal(status: 401 | 403, code: string, detail: string): ApiError {
  return new ApiError(status, { code, title: status === 401 ? 'Not authorised' : 'Forbidden', detail });
}
