import type { Context, MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { Scope } from '#lib/services/access/scope.ts';
import type { Api, ApiEnvironment } from './api.ts';
import { scopeOfOperation } from './operation-scope.ts';
import { requireActor, requireScope } from './require-scope.ts';

/** Who may ask for an operation: tokens of a scope, and people where sessions count too. */
interface Declared {
  readonly scope: Scope;
  readonly countSessions: boolean;
}

const BASE = /^\/api\/v1(?=\/)/;

/**
 * Lets in whom the OpenAPI document names, before anything of a request is looked at: an operation without `security` of its
 * own is for readers, with it for the scope that its description says, and for sessions where it lists them. Operations that
 * need to know who it was ask again (`requireScope`, `requireActor`).
 */
export function declaredAccess(api: Api, environment: ApiEnvironment): MiddlewareHandler {
  let declared: ReadonlyMap<string, Declared> | null = null;
  return async (c, next) => {
    declared ??= readDeclared(api);
    const { scope, countSessions } = declared.get(operationOf(c)) ?? {};
    // What there is not, or is not described, is told to readers.
    if (scope === undefined) await requireActor(c, environment, 'read', true);
    else if (countSessions) await requireActor(c, environment, scope);
    else await requireScope(c, environment, scope);
    await next();
  };
}

function operationOf(c: Context): string {
  const route = matchedRoutes(c).findLast(({ method }) => method !== 'ALL');
  const method = c.req.method === 'HEAD' ? 'GET' : c.req.method;
  return `${method} ${route?.path.replace(BASE, '') ?? ''}`;
}

/** Operations as Hono writes their paths below the API. One that does not say its scope is for admins. */
function readDeclared(api: Api): ReadonlyMap<string, Declared> {
  const found = new Map<string, Declared>();
  for (const definition of api.openAPIRegistry.definitions) {
    if (definition.type !== 'route') continue;
    const { method, path, security = [], description } = definition.route;
    const key = `${method.toUpperCase()} ${path.replace(BASE, '').replaceAll(/\{([A-Za-z]+)\}/g, ':$1')}`;
    const scope = scopeOfOperation({ security, description }) ?? 'admin';
    found.set(key, { scope, countSessions: security.length === 0 || security.some((way) => 'session' in way) });
  }
  return found;
}
