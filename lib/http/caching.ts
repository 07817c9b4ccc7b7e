import { createHash } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { etag } from 'hono/etag';

/** Verdicts change at any moment: nothing is kept without asking. */
export const noStore: MiddlewareHandler = async (c, next) => {
  await next();
  c.header('Cache-Control', 'no-store');
};

/** Weak tags over the body's SHA-256, and 304 for a client that has the same already. */
export const tagged: MiddlewareHandler = etag({
  weak: true,
  generateDigest: (body) => Uint8Array.from(createHash('sha256').update(body).digest()).buffer,
});
