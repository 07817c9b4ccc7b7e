import { findSession, type SignedIn } from '#lib/services/access/find-session.ts';
import { makeSetupCode } from '#lib/services/access/make-setup-code.ts';
import { setUp } from '#lib/services/access/set-up.ts';
import type { Visitor } from '#lib/services/access/visitor.ts';
import type { Voucher } from '#lib/services/access/vouched-until.ts';
import type { ServiceContext } from '#lib/services/context.ts';

export const PASSWORD = 'granite harbour seven moths';
export const LIFETIME = 7 * 86_400_000;
export const IDLE = 12 * 3_600_000;

/** A browser at an address; nobody knows the address where none is given. */
export function visitor({
  address = null,
  before = null,
}: {
  address?: string | null;
  before?: string | null;
} = {}): Visitor {
  return {
    pauseKey: address === null ? { kind: 'everybody', of: '' } : { kind: 'address', of: address },
    session: { agent: 'Mozilla/5.0 test', lifetime: LIFETIME, before },
  };
}

/** The first admin, `ada`, with `PASSWORD`. @returns the secret of her session. */
export function setUpAda(ctx: ServiceContext): Promise<string> {
  const code = makeSetupCode(ctx, { kind: 'jobs' });
  return setUp(ctx, { code, name: 'Ada', login: 'ada', password: PASSWORD }, visitor());
}

/** Who a secret lets in now. */
export function sessionOf(
  { database, now }: ServiceContext,
  secret: string,
  providers: readonly Voucher[] = [],
): SignedIn | null {
  return findSession(database, { secret, now: now(), lifetime: LIFETIME, idle: IDLE, providers });
}
