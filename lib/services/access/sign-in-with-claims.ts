import { and, eq } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { users } from '#db/schema/user.ts';
import type { OidcProvider } from '#lib/config/oidc-schema.ts';
import { randomId } from '#lib/ids.ts';
import { appendAudit } from '#lib/services/audit/append.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { AccessRefusedError } from './access-refused.ts';
import type { Role } from './role.ts';
import { type Claims, roleOfClaims, verifiedEmail } from './role-of-claims.ts';
import { startSession } from './start-session.ts';
import { readName } from './user-input.ts';
import type { Visitor } from './visitor.ts';

/**
 * Signs in whoever an ID token names, which was verified before. An account is issuer and subject, compared as they are; an
 * e-mail address is never looked at to find one. The role is the one that the configuration gives these claims now.
 *
 * @returns the secret of the session.
 * @throws {AccessRefusedError} for somebody without a role, or disabled. Of a renewal, for somebody else than before.
 */
export function signInWithClaims(
  ctx: ServiceContext,
  {
    claims,
    provider,
    renews = null,
  }: {
    readonly claims: Claims & { readonly iss: string; readonly sub: string };
    readonly provider: OidcProvider;
    /** The session that goes on, if it is of the same person. */
    readonly renews?: { readonly userId: string; readonly expiresAt: number } | null;
  },
  visitor: Visitor,
): string {
  const role = roleOfClaims(claims, provider);
  return ctx.database.db.transaction(
    (tx) => {
      const user = settle(tx, claims, role, ctx.now());
      if (renews !== null && renews.userId !== user.id) {
        throw new AccessRefusedError('Somebody else is signed in at the provider.');
      }
      const limits = renews === null ? {} : { notAfter: renews.expiresAt };
      return startSession(tx, { user, method: 'oidc', ...visitor.session, ...limits, now: ctx.now() });
    },
    { behavior: 'immediate' },
  );
}

function settle(tx: Writer, claims: Claims & { iss: string; sub: string }, role: Role | null, now: number) {
  const { iss, sub } = claims;
  const known = tx
    .select()
    .from(users)
    .where(and(eq(users.oidcIssuer, iss), eq(users.oidcSubject, sub)))
    .get();
  if (known && known.disabledAt !== null) throw new AccessRefusedError('The account is disabled.', 'disabled');
  if (role === null) throw new AccessRefusedError('No rule of access.oidc gives a role.', 'no-role');
  const name = nameOf(claims);
  const email = verifiedEmail(claims);
  const actor = { kind: 'user', id: known?.id ?? randomId('user'), name } as const;
  const told = { chain: 'access', actor, target: actor.id, at: now };
  if (!known) {
    const account = { id: actor.id, name, email, role, oidcIssuer: iss, oidcSubject: sub, createdAt: now };
    tx.insert(users).values(account).run();
    appendAudit(tx, { ...told, action: 'user.created', detail: { name, role, issuer: iss, subject: sub, by: 'oidc' } });
    return account;
  }
  tx.update(users).set({ name, email, role }).where(eq(users.id, known.id)).run();
  if (known.role !== role) {
    const detail = { name, from: known.role, to: role, by: 'oidc' };
    appendAudit(tx, { ...told, action: 'user.role-changed', detail });
  }
  return { ...known, name };
}

/** What to call somebody: the provider's word, of which nothing but a list depends. */
function nameOf(claims: Claims): string {
  for (const claim of [claims.name, claims.preferred_username, claims.email, claims.sub]) {
    if (typeof claim !== 'string') continue;
    try {
      return readName(claim.slice(0, 100));
    } catch (error) {
      if (!(error instanceof AccessRefusedError)) throw error;
    }
  }
  return 'unnamed';
}
