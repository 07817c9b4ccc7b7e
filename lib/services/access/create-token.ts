import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { tokens } from '#db/schema/access.ts';
import { stableId } from '#lib/ids.ts';
import { appendAudit } from '#lib/services/audit/append.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import type { Actor } from './actor.ts';
import { SCOPES } from './scope.ts';
import { hashToken, makeToken, startOfToken } from './token-secret.ts';

const inputSchema = z.object({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(z.enum(SCOPES)).min(1),
  /** Milliseconds since the epoch; null for one that does not run out. */
  expiresAt: z.int().nullable(),
});

export interface CreatedToken {
  readonly id: string;
  /** The token itself: it is not stored, and never shown again. */
  readonly token: string;
}

/** A token of this name was made before, or is revoked but still listed. */
export class TokenNameTakenError extends Error {
  override readonly name = 'TokenNameTakenError';
}

/**
 * Makes a token of the API. Names are used once: whatever a delivery says it came by stays true.
 *
 * @throws {TokenNameTakenError}
 */
export function createToken(ctx: ServiceContext, input: z.input<typeof inputSchema>, actor: Actor): CreatedToken {
  const { name, scopes, expiresAt } = inputSchema.parse(input);
  const { db } = ctx.database;
  const token = makeToken();
  const sha256 = hashToken(token);
  const id = stableId('token', sha256);
  db.transaction(
    (tx) => {
      if (tx.select({ id: tokens.id }).from(tokens).where(eq(tokens.name, name)).get()) {
        throw new TokenNameTakenError(`There is a token of the name ${name} already. Choose another name.`);
      }
      const listed = JSON.stringify([...new Set(scopes)]);
      tx.insert(tokens)
        .values({ id, name, sha256, start: startOfToken(token), scopes: listed, createdAt: ctx.now(), expiresAt })
        .run();
      const detail = { name, scopes: [...new Set(scopes)], expiresAt };
      appendAudit(tx, { chain: 'access', actor, action: 'token.created', target: id, detail, at: ctx.now() });
    },
    { behavior: 'immediate' },
  );
  return { id, token };
}
