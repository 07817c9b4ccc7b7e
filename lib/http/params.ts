import { z } from '@hono/zod-openapi';

/** Longest text in a path or query; the services take as much. */
const TEXT_LIMIT = 8192;

/** Text to compare or search with. */
export function textParam(description: string, max = TEXT_LIMIT) {
  return z.string().min(1).max(max).openapi({ description });
}

/** An id or name that stands in the path. */
export function pathParam(name: string, description: string, max = 100) {
  return z
    .string()
    .min(1)
    .max(max)
    .openapi({ param: { name, in: 'path' }, description });
}

/** A whole number in plain decimal digits. */
export function integerParam({
  min,
  max,
  fallback,
  description,
}: {
  readonly min: number;
  readonly max: number;
  readonly fallback: number;
  readonly description: string;
}) {
  return digits(min, max)
    .default(fallback)
    .openapi({ type: 'integer', minimum: min, maximum: max, default: fallback, description });
}

/** A row number, from 1. */
export function rowParam(description: string) {
  return digits(1, Number.MAX_SAFE_INTEGER).openapi({ type: 'integer', minimum: 1, description });
}

export function timeParam(description: string) {
  return digits(0, Number.MAX_SAFE_INTEGER)
    .optional()
    .openapi({ type: 'integer', minimum: 0, description: `${description} Milliseconds since the epoch.` });
}

/** `true` narrows; anything else than `true` and `false` is a mistake. */
export function flagParam(description: string) {
  return z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .openapi({ type: 'boolean', description });
}

function digits(min: number, max: number) {
  return z
    .string()
    .regex(/^[0-9]{1,16}$/, 'is not a whole number in decimal digits')
    .transform(Number)
    .pipe(z.int().min(min).max(max));
}
