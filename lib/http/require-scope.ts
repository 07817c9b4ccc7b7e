import type { Context } from 'hono';
import type { Actor } from '#lib/services/access/actor.ts';
import { mayActAs } from '#lib/services/access/role.ts';
import { ROLE_OF_SCOPE } from '#lib/services/access/role-of-scope.ts';
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

/**
 * Who asks: a token of the scope, or somebody in a browser whose role is enough; what changes something must then come from a
 * page of ours.
 *
 * @throws {ApiError} 401 where nobody is known, 403 for whoever may not do this.
 */
export async function requireActor(
  c: Context,
  environment: ApiEnvironment,
  scope: Scope,
  isReading = c.req.method === 'GET' || c.req.method === 'HEAD',
): Promise<Actor> {
  const visitor = bearerOf(c) === null ? await environment.visitor?.(c.req.raw.headers) : null;
  if (!visitor) return { kind: 'token', name: await requireScope(c, environment, scope) };
  const role = ROLE_OF_SCOPE[scope];
  if (!mayActAs(visitor.role, role)) {
    const detail = `This needs the role ${role}; yours is ${visitor.role}.`;
    throw new ApiError({ code: 'missing-scope', detail });
  }
  if (!isReading && !visitor.isOwnPage) {
    const detail = `A browser may do this from a page of this dashboard only. Programs carry a token. ${MEND} ${scope}.`;
    throw new ApiError({ code: 'no-token', detail });
  }
  return visitor.actor;
}
