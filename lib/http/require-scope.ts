import type { Context } from 'hono';
import type { Scope } from '#lib/services/access/scope.ts';
import type { ApiEnvironment } from './api.ts';
import { bearerOf, callerOf } from './caller.ts';
import { ApiError } from './problem.ts';

const MEND = 'Make one with: modeltrail token create NAME --scope';

/**
 * The name of the token that a request carries.
 *
 * @throws {ApiError} 401 without a token that holds, 403 for one that may not do this.
 */
export async function requireScope(c: Context, environment: ApiEnvironment, scope: Scope): Promise<string> {
  if (bearerOf(c) === null) {
    const detail = `The request carries no token in Authorization: Bearer. ${MEND} ${scope}.`;
    throw new ApiError({ code: 'no-token', detail });
  }
  const held = await callerOf(c, environment);
  if (held === null) {
    const detail = `The token is unknown, revoked or out of date. ${MEND} ${scope}.`;
    throw new ApiError({ code: 'bad-token', detail });
  }
  if (!held.scopes.includes(scope)) {
    const detail = `The token “${held.name}” may not do this: it lacks the scope ${scope}.`;
    throw new ApiError({ code: 'missing-scope', detail });
  }
  return held.name;
}
