import type { OidcProvider, RoleRule } from '#lib/config/oidc-schema.ts';
import { mayActAs, type Role } from './role.ts';

/** Claims of an ID token that was verified. */
export type Claims = Readonly<Record<string, unknown>>;

/** The highest role that the rules of a provider give to whoever has these claims; null for nobody. */
export function roleOfClaims(
  claims: Claims,
  { roles, defaultRole }: Pick<OidcProvider, 'roles' | 'defaultRole'>,
): Role | null {
  const given = roles.filter((rule) => isMeant(claims, rule)).map(({ role }) => role);
  return given.reduce<Role | null>(
    (best, role) => (best !== null && mayActAs(best, role) ? best : role),
    defaultRole ?? null,
  );
}

function isMeant(claims: Claims, rule: RoleRule): boolean {
  if ('subject' in rule) return claims.sub === rule.subject;
  if ('emailDomain' in rule) return emailDomain(claims) === rule.emailDomain;
  const { name, value } = rule.claim;
  const claim = Object.hasOwn(claims, name) ? claims[name] : undefined;
  return claim === value || (Array.isArray(claim) && claim.includes(value));
}

/** The address that the provider says is verified; of any other nobody knows whose it is. */
export function verifiedEmail({ email, email_verified: isVerified }: Claims): string | null {
  return isVerified === true && typeof email === 'string' && /^[^\s@]{1,64}@[^\s@]{1,253}$/.test(email) ? email : null;
}

function emailDomain(claims: Claims): string | null {
  return verifiedEmail(claims)?.split('@')[1]?.toLowerCase() ?? null;
}
