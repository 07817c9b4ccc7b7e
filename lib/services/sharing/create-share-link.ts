import { z } from 'zod';
import { shareLinks } from '#db/schema/sharing.ts';
import { namesOfParts, type SharedParts } from '#lib/provenance/shared-parts.ts';
import type { Actor } from '#lib/services/access/actor.ts';
import { appendAudit } from '#lib/services/audit/append.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { refuseContradiction } from './read-parts.ts';
import { hashShareSecret, makeShareSecret } from './share-secret.ts';
import { requireTarget, type Target } from './target.ts';

const DAY = 86_400_000;
export const MOST_SHARE_DAYS = 365;

const inputSchema = z.object({ note: z.string().trim().max(200), days: z.int().min(1).max(MOST_SHARE_DAYS) });

export interface ShareLinkInput extends Target, z.input<typeof inputSchema> {
  readonly parts: SharedParts;
  readonly actor: Actor;
}

export interface CreatedShareLink {
  /** By which it is revoked. Nothing of it opens the page. */
  readonly id: string;
  /** What opens the page, as /s/SECRET. It is not stored, and never shown again. */
  readonly secret: string;
  readonly expiresAt: number;
}

/**
 * Makes an address that shows a model or version to whoever has it, for a number of days.
 *
 * @throws {SharingError} @throws {z.ZodError}
 */
export function createShareLink(ctx: ServiceContext, input: ShareLinkInput): CreatedShareLink {
  const { note, days } = inputSchema.parse({ note: input.note, days: input.days });
  const { kind, targetId, parts, actor } = input;
  refuseContradiction(parts);
  const secret = makeShareSecret();
  const id = hashShareSecret(secret);
  const at = ctx.now();
  const expiresAt = at + days * DAY;
  ctx.database.db.transaction(
    (tx) => {
      requireTarget(tx, { kind, targetId });
      tx.insert(shareLinks)
        .values({ id, kind, targetId, parts: JSON.stringify(parts), note, createdAt: at, expiresAt })
        .run();
      const detail = { kind, targetId, parts: namesOfParts(parts), note, expiresAt };
      appendAudit(tx, { chain: 'sharing', actor, action: 'share-link.created', target: id, detail, at });
    },
    { behavior: 'immediate' },
  );
  return { id, secret, expiresAt };
}
