import * as client from 'openid-client';
import type { OidcProvider } from '#lib/config/oidc-schema.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { AccessRefusedError } from './access-refused.ts';
import { oidcStepSchema } from './begin-oidc.ts';
import { NotRenewedError } from './not-renewed.ts';
import { discoverProvider } from './oidc-client.ts';
import { signInWithClaims } from './sign-in-with-claims.ts';
import { takeStep } from './take-step.ts';
import type { Visitor } from './visitor.ts';

/** The sign-in did not come back to the browser, or the provider, that it was begun with. */
export class ForeignSignInError extends Error {
  override readonly name = 'ForeignSignInError';
}

interface Answer {
  readonly provider: OidcProvider;
  /** The query that the browser was sent back with. */
  readonly query: string;
  /** The secret of the cookie that `beginOidc` gave; null without one. */
  readonly secret: string | null;
}

/**
 * Ends a sign-in with a provider. State, issuer (RFC 9207), code with PKCE, and of the ID token signature, issuer, audience,
 * nonce and times must hold; nothing else of the provider is asked. What was begun counts once, however it ends.
 *
 * @returns the secret of the session, and where to go.
 * @throws {ForeignSignInError} {NotRenewedError} {AccessRefusedError} {Error} what openid-client refuses.
 */
export async function finishOidc(
  ctx: ServiceContext,
  { provider, query, secret }: Answer,
  visitor: Visitor,
): Promise<{ readonly session: string; readonly next: string }> {
  const { db } = ctx.database;
  const taken =
    secret === null
      ? null
      : db.transaction((tx) => takeStep(tx, { secret, kind: 'oidc', now: ctx.now() }), { behavior: 'immediate' });
  const step = oidcStepSchema.safeParse(taken).data;
  if (step?.provider !== provider.name || step.issuer !== provider.issuer) {
    throw new ForeignSignInError('The sign-in was not begun in this browser, with this provider, or too long ago.');
  }
  const configuration = await discoverProvider(provider, ctx.now());
  const url = new URL(step.redirectUri);
  url.search = query;
  if (url.searchParams.getAll('state').join() !== step.state) {
    throw new ForeignSignInError('The state is not the one that was sent.');
  }
  const checks = {
    pkceCodeVerifier: step.verifier,
    expectedState: step.state,
    expectedNonce: step.nonce,
    idTokenExpected: true,
  };
  try {
    const tokens = await client.authorizationCodeGrant(configuration, url, checks);
    const claims = tokens.claims();
    if (claims === undefined) throw new AccessRefusedError('The provider gave no ID token.');
    return { session: signInWithClaims(ctx, { claims, provider, renews: step.renews }, visitor), next: step.next };
  } catch (error) {
    if (step.renews !== null && asksAgain(error)) throw new NotRenewedError(String(error), step.next);
    throw error;
  }
}

/** Whether a sign-in, with questions, can succeed where a renewal did not. */
function asksAgain(error: unknown): boolean {
  return (
    error instanceof client.AuthorizationResponseError ||
    (error instanceof AccessRefusedError && error.reason === 'other')
  );
}
