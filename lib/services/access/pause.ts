import { eq, lt, sql } from 'drizzle-orm';
import { signInPauses } from '#db/schema/user.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { hashSecret } from './secret.ts';

/** What is counted: failures for one account, known or not; from one address; from everybody whose address nobody tells. */
export type PauseKey =
  | { readonly kind: 'account'; readonly of: string }
  | { readonly kind: 'address'; readonly of: string }
  | { readonly kind: 'everybody'; readonly of: '' };

interface Limit {
  /** So many failures cost nothing. */
  readonly free: number;
  /** Milliseconds; doubles with each failure more. */
  readonly first: number;
  readonly longest: number;
}

/** The longest are short enough that nobody is kept out for long by a stranger, and long enough to make guessing vain. */
const LIMITS: Readonly<Record<PauseKey['kind'], Limit>> = {
  account: { free: 5, first: 30_000, longest: 900_000 },
  address: { free: 20, first: 60_000, longest: 3_600_000 },
  everybody: { free: 100, first: 10_000, longest: 60_000 },
};
const FORGOTTEN_AFTER = 86_400_000;

/**
 * Counts an attempt before it is made, so that attempts at once count all; `forgive` takes it back for one that was good.
 * Kept in the database: a restart forgets nothing.
 *
 * @returns when the next may be made where this one may not; null where it may. Milliseconds since the epoch.
 */
export function beginAttempt(ctx: ServiceContext, keys: readonly PauseKey[]): number | null {
  const now = ctx.now();
  return ctx.database.db.transaction(
    (tx) => {
      tx.delete(signInPauses)
        .where(lt(signInPauses.lastAt, now - FORGOTTEN_AFTER))
        .run();
      const counted = keys.map((key) => {
        const id = idOf(key);
        return { key, id, row: tx.select().from(signInPauses).where(eq(signInPauses.id, id)).get() };
      });
      const until = Math.max(0, ...counted.map(({ row }) => row?.until ?? 0));
      if (until > now) return until;
      for (const { key, id, row } of counted) {
        const failures = (row?.failures ?? 0) + 1;
        const values = { failures, lastAt: now, until: pauseUntil(LIMITS[key.kind], failures, now) };
        tx.insert(signInPauses)
          .values({ id, ...values })
          .onConflictDoUpdate({ target: signInPauses.id, set: values })
          .run();
      }
      return null;
    },
    { behavior: 'immediate' },
  );
}

/** After an attempt that was good: its account starts anew, and its address has one failure less. */
export function forgive(ctx: ServiceContext, keys: readonly PauseKey[]): void {
  for (const key of keys) {
    const isThis = eq(signInPauses.id, idOf(key));
    if (key.kind === 'account') ctx.database.db.delete(signInPauses).where(isThis).run();
    else {
      const fewer = { failures: sql`max(0, ${signInPauses.failures} - 1)`, until: 0 };
      ctx.database.db.update(signInPauses).set(fewer).where(isThis).run();
    }
  }
}

function pauseUntil({ free, first, longest }: Limit, failures: number, now: number): number {
  if (failures < free) return 0;
  return now + Math.min(longest, first * 2 ** Math.min(20, failures - free));
}

function idOf({ kind, of }: PauseKey): string {
  return `${kind}:${hashSecret(of)}`;
}
