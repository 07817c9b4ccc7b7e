import { z } from '@hono/zod-openapi';

/**
 * A named component, or null. `.nullable()` on one would make the document's component itself nullable, for all who
 * refer to it.
 */
export function orNull<S extends z.ZodType>(schema: S) {
  return z.union([schema, z.null()]);
}
