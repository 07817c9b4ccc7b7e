import type { Api } from './api.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** The methods that the API has for a path, as the header Allow lists them; empty where there is no such path. */
export function allowedMethods({ router }: Api, path: string): string[] {
  const allowed = METHODS.filter((method) =>
    // What is registered for all methods is middleware, and answers nothing.
    router.match(method, path)[0].some(([[, route]]) => route.method !== 'ALL'),
  );
  return allowed.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
}
