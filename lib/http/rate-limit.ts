import type { Context, MiddlewareHandler } from 'hono';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { nameOfActor } from '#lib/services/access/actor.ts';
import type { ApiEnvironment } from './api.ts';
import { bearerOf, callerOf } from './caller.ts';
import { ApiError } from './problem.ts';

/** Requests in a minute. */
export interface RateLimits {
  /** Of one token, or of one who is signed in. */
  readonly reads: number;
  readonly writes: number;
  /** Of all together whom nobody knows: nothing tells them apart that they could not make up. */
  readonly anonymousReads: number;
}

export const RATE_LIMITS: RateLimits = { reads: 600, writes: 120, anonymousReads: 6000 };

const SECONDS = 60;

/**
 * Bounds how often a client asks (draft-ietf-httpapi-ratelimit-headers). Counted by tokens that hold, so that guessing
 * tokens is bounded too; each process counts for itself.
 */
export function rateLimit(environment: ApiEnvironment): MiddlewareHandler {
  const { reads, writes, anonymousReads } = environment.rateLimits ?? RATE_LIMITS;
  const policies = {
    reads: limiter(reads),
    writes: limiter(writes),
    'anonymous-reads': limiter(anonymousReads),
    'anonymous-writes': limiter(writes),
  };
  return async (c, next) => {
    const who = await whoAsks(c, environment);
    const kind = c.req.method === 'GET' || c.req.method === 'HEAD' ? 'reads' : 'writes';
    const name = who === null ? (`anonymous-${kind}` as const) : kind;
    const policy = policies[name];
    const { isOver, remaining, seconds } = await count(policy, who?.id ?? 'anonymous');
    const headers = {
      'RateLimit-Policy': `"${name}";q=${policy.points};w=${SECONDS}`,
      RateLimit: `"${name}";r=${remaining};t=${seconds}`,
    };
    if (isOver) {
      const by = who?.name ?? 'requests without a token that holds';
      const detail = `More than ${policy.points} ${kind} in a minute by ${by}. Try again in ${seconds} s.`;
      throw new ApiError({ code: 'rate-limited', detail, headers: { ...headers, 'Retry-After': String(seconds) } });
    }
    await next();
    for (const [header, value] of Object.entries(headers)) c.header(header, value);
  };
}

/** Whose requests are counted together: a token's, somebody's in a browser; null for all whom nobody knows. */
async function whoAsks(c: Context, environment: ApiEnvironment): Promise<{ id: string; name: string } | null> {
  if (bearerOf(c) !== null) {
    const held = await callerOf(c, environment);
    return held && { id: held.id, name: `the token “${held.name}”` };
  }
  const visitor = await environment.visitor?.(c.req.raw.headers);
  if (!visitor) return null;
  const { actor } = visitor;
  return { id: actor.kind === 'user' ? actor.id : actor.kind, name: nameOfActor(actor) };
}

function limiter(points: number): RateLimiterMemory {
  return new RateLimiterMemory({ points, duration: SECONDS });
}

async function count(limiter: RateLimiterMemory, key: string) {
  const state = await limiter.consume(key).then(
    (state) => ({ state, isOver: false }),
    (reason: unknown) => {
      if (!(reason instanceof RateLimiterRes)) throw reason;
      return { state: reason, isOver: true };
    },
  );
  const { remainingPoints, msBeforeNext } = state.state;
  return { isOver: state.isOver, remaining: remainingPoints, seconds: Math.max(1, Math.ceil(msBeforeNext / 1000)) };
}
