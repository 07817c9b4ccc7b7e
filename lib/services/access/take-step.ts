import { and, eq, gt, isNull, lt } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { signInSteps } from '#db/schema/user.ts';
import { hashSecret } from './secret.ts';

export type StepKind = typeof signInSteps.$inferSelect.kind;

/**
 * Takes what was kept under a secret: it is good once, in an immediate transaction, and not after its time.
 *
 * @returns its JSON; null where there is none, or none any more.
 */
export function takeStep(
  tx: Writer,
  { secret, kind, now }: { readonly secret: string; readonly kind: StepKind; readonly now: number },
): unknown {
  tx.delete(signInSteps).where(lt(signInSteps.expiresAt, now)).run();
  const isThis = and(
    eq(signInSteps.id, hashSecret(secret)),
    eq(signInSteps.kind, kind),
    isNull(signInSteps.usedAt),
    gt(signInSteps.expiresAt, now),
  );
  const step = tx.select({ detail: signInSteps.detail }).from(signInSteps).where(isThis).get();
  if (!step) return null;
  tx.update(signInSteps).set({ usedAt: now }).where(isThis).run();
  return JSON.parse(step.detail);
}
