import type { OidcProvider } from '#lib/config/oidc-schema.ts';

/** An identity provider of the configuration, and for how long it vouches for whom it lets in. */
export type Voucher = Pick<OidcProvider, 'name' | 'issuer' | 'checkAgain'>;

export interface Vouched {
  /** Who vouches; null for a provider that is not configured any more. */
  readonly provider: Voucher | null;
  /** Milliseconds since the epoch; 0 where nobody vouches any more. */
  readonly until: number;
}

/** Who vouches for a session, and until when; null for one of a local account, for which nobody must. */
export function vouchedUntil(
  session: { readonly method: string; readonly createdAt: number },
  user: { readonly oidcIssuer: string | null },
  providers: readonly Voucher[],
): Vouched | null {
  if (session.method !== 'oidc') return null;
  const provider = providers.find(({ issuer }) => issuer === user.oidcIssuer) ?? null;
  return { provider, until: provider === null ? 0 : session.createdAt + provider.checkAgain };
}
