import { createHash } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { keepAnswer } from '#lib/services/idempotency/keep-answer.ts';
import { reserveKey } from '#lib/services/idempotency/reserve.ts';
import type { ApiEnvironment } from './api.ts';
import { callerOf } from './caller.ts';
import { ApiError } from './problem.ts';
import { readBody } from './read-body.ts';

/** The largest body of any route. */
const MAX_BODY = 64 * 1024 * 1024;

/** The header, for the descriptions of routes. */
export const idempotencyHeader = z.object({
  'Idempotency-Key': z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/)
    .optional()
    .openapi({
      description:
        'Any text of the client’s own, best a random UUID. The same request with the same key within 24 hours gets the answer of the first, with Idempotency-Replayed: true.',
    }),
});

/**
 * Makes a writing request safe to repeat (draft-ietf-httpapi-idempotency-key-header): its answer is kept for 24 hours.
 * Answers that say that the server failed are not kept, nor those of requests that carry no token that holds.
 */
export function idempotent(environment: ApiEnvironment): MiddlewareHandler {
  return async (c, next) => {
    const key = c.req.header('Idempotency-Key');
    const caller = key === undefined ? null : await callerOf(c, environment);
    if (key === undefined || caller === null) return next();
    if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
      const detail = 'Idempotency-Key: send 1 to 255 visible ASCII characters, best a random UUID.';
      throw new ApiError({ code: 'bad-idempotency-key', detail, at: 'Idempotency-Key' });
    }
    const request = c.req.raw;
    const body = request.body ? await readBody(request, MAX_BODY) : new Uint8Array();
    const ctx = { database: environment.database(), now: environment.now, log: environment.log };
    const keyed = { tokenId: caller.id, key, requestSha256: digestOf(request, body) };
    const reserved = reserveKey(ctx, keyed);
    if (reserved.state === 'other') {
      const detail = 'This Idempotency-Key was used for another request. Use a new one for each.';
      throw new ApiError({ code: 'idempotency-key-reused', detail, at: 'Idempotency-Key' });
    }
    if (reserved.state === 'under-way') {
      const detail = 'The first request with this Idempotency-Key is not answered yet. Ask again in a moment.';
      throw new ApiError({ code: 'idempotency-under-way', detail, headers: { 'Retry-After': '1' } });
    }
    if (reserved.state === 'answered') {
      const { answer } = reserved;
      return new Response(Uint8Array.from(answer.body), {
        status: answer.status,
        headers: { 'Content-Type': answer.contentType, 'Idempotency-Replayed': 'true' },
      });
    }
    const { method, url, headers } = request;
    c.req.raw = new Request(url, { method, headers, ...(body.length > 0 ? { body: Uint8Array.from(body) } : {}) });
    try {
      await next();
      const isKept = c.res.status < 500;
      const answer = isKept ? await bodyOf(c.res) : null;
      keepAnswer(ctx, keyed, answer);
    } catch (error) {
      keepAnswer(ctx, keyed, null);
      throw error;
    }
  };
}

async function bodyOf(response: Response) {
  const body = Buffer.from(await response.clone().arrayBuffer());
  return { status: response.status, contentType: response.headers.get('Content-Type') ?? '', body };
}

function digestOf({ method, url, headers }: Request, body: Uint8Array): string {
  const { pathname, search } = new URL(url);
  const head = JSON.stringify([method, pathname, search, headers.get('Content-Type')]);
  return createHash('sha256').update(head).update('\0').update(body).digest('hex');
}
