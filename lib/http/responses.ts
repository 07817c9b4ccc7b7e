import { z } from '@hono/zod-openapi';

/** A JSON answer. */
export function json<S extends z.ZodType>(schema: S, description: string) {
  return { description, content: { 'application/json': { schema } } };
}

const bytes = z.string().openapi({ type: 'string', format: 'binary' });

/** A stored thing as it is, byte for byte. */
export function file<T extends 'application/octet-stream' | 'text/plain; charset=utf-8'>(type: T, description: string) {
  return { description, content: { [type]: { schema: bytes } } as Record<T, { schema: typeof bytes }> };
}
