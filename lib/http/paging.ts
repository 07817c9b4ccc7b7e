import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { integerParam } from './params.ts';

export const MAX_PAGE = 200;

/** The query of every list. */
export const pageQuery = {
  cursor: z
    .string()
    .max(1000)
    .optional()
    .openapi({ description: '`next` of the answer before; without it the list begins.' }),
  limit: integerParam({ min: 1, max: MAX_PAGE, fallback: 50, description: 'Items at the most.' }),
};

/** The last field of every list. */
export const nextField = z.string().nullable().openapi({
  description: 'The cursor of the next page; null on the last. The same stands in the Link header as rel="next".',
});

/** Announces the next page in a Link header (RFC 8288), relative to the server. */
export function withNext(c: Context, next: string | null): string | null {
  if (next === null) return null;
  const { pathname, searchParams } = new URL(c.req.url);
  searchParams.set('cursor', next);
  c.header('Link', `<${pathname}?${searchParams}>; rel="next"`);
  return next;
}
