import type { z } from '@hono/zod-openapi';

/** What a service answers with may be read-only, and may hold more than is shown. */
type Given<T> = T extends readonly (infer E)[]
  ? readonly Given<E>[]
  : T extends object
    ? { readonly [K in keyof T]: Given<T[K]> }
    : T;

/**
 * The part of `value` that `schema` describes, and nothing else: what is added to a table or a service one day does not
 * leave the house by itself.
 */
export function conform<S extends z.ZodType>(schema: S, value: Given<z.input<S>>): z.output<S> {
  return schema.parse(value);
}
