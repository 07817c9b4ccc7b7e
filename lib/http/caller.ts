import type { Context } from 'hono';
import { checkToken, type HeldToken } from '#lib/services/access/check-token.ts';
import type { ApiEnvironment } from './api.ts';
import { bearerIn } from './bearer.ts';

const known = new WeakMap<Request, Promise<HeldToken | null>>();

/** The token that a request carries in Authorization; null for a request without one. */
export function bearerOf(c: Context): string | null {
  return bearerIn(c.req.raw.headers);
}

/**
 * Whose request it is; null without a token that holds. Looked up once a request.
 *
 * @throws {ApiError} 503 where the database cannot be read.
 */
export function callerOf(c: Context, environment: ApiEnvironment): Promise<HeldToken | null> {
  const request = c.req.raw;
  const asked = known.get(request);
  if (asked) return asked;
  const held = lookUp(bearerOf(c), environment);
  known.set(request, held);
  return held;
}

async function lookUp(token: string | null, environment: ApiEnvironment): Promise<HeldToken | null> {
  return token === null ? null : checkToken(environment.database(), { token, now: environment.now() });
}
