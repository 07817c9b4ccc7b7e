import type { MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { Api, ApiEnvironment } from './api.ts';
import { requireActor } from './require-scope.ts';

const BASE = /^\/api\/v1(?=\/)/;

/**
 * Nothing is read by just anybody: whoever asks has a token of the scope `read`, or is signed in. Operations that declare
 * `security` of their own say themselves whom they answer. Made after the routes, and asked before them.
 */
export function requireReader(api: Api, environment: ApiEnvironment): MiddlewareHandler {
  let own: ReadonlySet<string> | null = null;
  return async (c, next) => {
    own ??= ownRules(api);
    const { method } = c.req;
    const route = matchedRoutes(c).findLast((matched) => matched.method !== 'ALL');
    const asked = method === 'HEAD' ? 'GET' : method;
    if (route === undefined || !own.has(`${asked} ${route.path.replace(BASE, '')}`))
      await requireActor(c, environment, 'read');
    await next();
  };
}

/** Operations with `security` of their own, as Hono writes their paths below the API. */
function ownRules(api: Api): ReadonlySet<string> {
  const found = new Set<string>();
  for (const definition of api.openAPIRegistry.definitions) {
    if (definition.type !== 'route' || (definition.route.security ?? []).length === 0) continue;
    const { method, path } = definition.route;
    found.add(`${method.toUpperCase()} ${path.replace(BASE, '').replaceAll(/\{([A-Za-z]+)\}/g, ':$1')}`);
  }
  return found;
}
