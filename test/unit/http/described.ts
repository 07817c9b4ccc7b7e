import type { z } from '@hono/zod-openapi';
import { expect } from 'vitest';
import type { Api } from '#lib/http/api.ts';

const BASE = '/api/v1';

type Content = Readonly<Record<string, { readonly schema: z.ZodType } | undefined>>;

export interface DescribedRoute {
  readonly method: string;
  readonly path: string;
  readonly responses: Readonly<Record<string, { readonly content?: Content } | undefined>>;
}

/** The routes as the OpenAPI document has them, with their live schemas. */
export function describedRoutes(api: Api): DescribedRoute[] {
  return api.openAPIRegistry.definitions.flatMap((definition) =>
    definition.type === 'route' ? [definition.route as unknown as DescribedRoute] : [],
  );
}

/** The route that answers `target`: of several that fit, the one with the fewest parameters. */
export function routeOf(api: Api, method: string, target: string): DescribedRoute | undefined {
  const path = target.replace(/\?.*$/s, '').slice(BASE.length);
  return describedRoutes(api)
    .filter((route) => route.method === method.toLowerCase())
    .filter((route) => new RegExp(`^${route.path.replaceAll(/\{[a-z]+\}/g, '[^/]+')}$`).test(path))
    .sort((a, b) => a.path.split('{').length - b.path.split('{').length)[0];
}

/** Asks, and holds the answer against what the document says of it: its status, media type and every field. */
export async function ask(
  api: Api,
  target: string,
  init: RequestInit = {},
): Promise<{ response: Response; body: unknown }> {
  const response = await api.request(target, init);
  const route = routeOf(api, init.method ?? 'GET', target);
  const text = await response.clone().text();
  const type = response.headers.get('Content-Type') ?? '';
  const described = route?.responses[response.status];
  expect(
    described,
    `${target} answered ${response.status}, which its description does not name: ${text}`,
  ).toBeDefined();
  const schema = described?.content?.[type]?.schema;
  expect(schema, `${target} answered ${type}`).toBeDefined();
  if (!/json$/.test(type)) return { response, body: text };
  const body: unknown = JSON.parse(text);
  expect(schema?.parse(body)).toEqual(body);
  return { response, body };
}
