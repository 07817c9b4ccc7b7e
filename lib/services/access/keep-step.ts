import { count, eq, lt } from 'drizzle-orm';
import { signInSteps } from '#db/schema/user.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { AccessRefusedError } from './access-refused.ts';
import { hashSecret, makeSecret } from './secret.ts';
import type { StepKind } from './take-step.ts';

/** Anybody can begin to sign in: so many at once are nobody's. */
const MOST = 5000;

/**
 * Keeps what a sign-in needs until the browser comes back.
 *
 * @param input.lasts milliseconds.
 * @returns the secret under which `takeStep` finds it; it is not stored.
 * @throws {AccessRefusedError} while too many are under way.
 */
export function keepStep(
  ctx: ServiceContext,
  { kind, detail, lasts }: { readonly kind: StepKind; readonly detail: object; readonly lasts: number },
): string {
  const secret = makeSecret();
  const now = ctx.now();
  ctx.database.db.transaction(
    (tx) => {
      tx.delete(signInSteps).where(lt(signInSteps.expiresAt, now)).run();
      const open = tx.select({ steps: count() }).from(signInSteps).where(eq(signInSteps.kind, kind)).get();
      if ((open?.steps ?? 0) >= MOST) {
        throw new AccessRefusedError('Too many people are signing in at once. Try again in some minutes.');
      }
      tx.insert(signInSteps)
        .values({
          id: hashSecret(secret),
          kind,
          detail: JSON.stringify(detail),
          createdAt: now,
          expiresAt: now + lasts,
        })
        .run();
    },
    { behavior: 'immediate' },
  );
  return secret;
}
