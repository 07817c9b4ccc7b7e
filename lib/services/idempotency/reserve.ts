import { and, eq, lt, or } from 'drizzle-orm';
import { idempotentRequests } from '#db/schema/access.ts';
import type { ServiceContext } from '#lib/services/context.ts';

const KEPT_FOR = 24 * 60 * 60_000;
/** A request that was cut off with its process is not under way for ever. */
const ABANDONED_AFTER = 5 * 60_000;

/** A request with an Idempotency-Key. Keys of one token are nothing to another. */
export interface KeyedRequest {
  readonly tokenId: string;
  readonly key: string;
  /** SHA-256 over method, address and body, lowercase hex. */
  readonly requestSha256: string;
}

export interface KeptAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
}

/** `new`: to be answered now. `other`: the key stands for another request. `under-way`: its first is being answered. */
export type Reservation =
  | { readonly state: 'new' | 'other' | 'under-way' }
  | { readonly state: 'answered'; readonly answer: KeptAnswer };

/** Of a row that stands for a request under way. */
export const UNDER_WAY = 0;

/** Takes a key for a request, or tells what became of the request that has it. Answers older than 24 hours are forgotten. */
export function reserveKey(ctx: ServiceContext, { tokenId, key, requestSha256 }: KeyedRequest): Reservation {
  const now = ctx.now();
  const { status, at } = idempotentRequests;
  return ctx.database.db.transaction(
    (tx): Reservation => {
      tx.delete(idempotentRequests)
        .where(or(lt(at, now - KEPT_FOR), and(eq(status, UNDER_WAY), lt(at, now - ABANDONED_AFTER))))
        .run();
      const row = tx
        .select()
        .from(idempotentRequests)
        .where(and(eq(idempotentRequests.tokenId, tokenId), eq(idempotentRequests.key, key)))
        .get();
      if (!row) {
        const empty = { status: UNDER_WAY, contentType: '', body: Buffer.alloc(0), at: now };
        tx.insert(idempotentRequests)
          .values({ tokenId, key, requestSha256, ...empty })
          .run();
        return { state: 'new' };
      }
      if (row.requestSha256 !== requestSha256) return { state: 'other' };
      return row.status === UNDER_WAY ? { state: 'under-way' } : { state: 'answered', answer: row };
    },
    { behavior: 'immediate' },
  );
}
