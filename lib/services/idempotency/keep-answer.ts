import { and, eq } from 'drizzle-orm';
import { idempotentRequests } from '#db/schema/access.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import type { KeptAnswer, KeyedRequest } from './reserve.ts';

/** Keeps the answer to a request whose key was reserved; null gives the key free, so that the request can be made again. */
export function keepAnswer(
  { database: { db } }: ServiceContext,
  { tokenId, key }: Pick<KeyedRequest, 'tokenId' | 'key'>,
  answer: KeptAnswer | null,
): void {
  const isThis = and(eq(idempotentRequests.tokenId, tokenId), eq(idempotentRequests.key, key));
  if (answer === null) db.delete(idempotentRequests).where(isThis).run();
  else db.update(idempotentRequests).set(answer).where(isThis).run();
}
