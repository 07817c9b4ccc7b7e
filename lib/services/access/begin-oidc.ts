import * as client from 'openid-client';
import { z } from 'zod';
import type { OidcProvider } from '#lib/config/oidc-schema.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import type { LapsedSession } from './find-lapsed.ts';
import { keepStep } from './keep-step.ts';
import { discoverProvider } from './oidc-client.ts';

/** Milliseconds that somebody has at the provider. */
export const OIDC_STEP_LASTS = 600_000;

/** What is kept until the browser comes back from the provider. */
export const oidcStepSchema = z.strictObject({
  provider: z.string(),
  issuer: z.string(),
  redirectUri: z.string(),
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  next: z.string(),
  /** Whose session is renewed, without a question to them, and what it cannot outlast; null for a sign-in. */
  renews: z.strictObject({ userId: z.string(), expiresAt: z.int() }).nullable(),
});

/**
 * Begins a sign-in with a provider: authorization code with PKCE (RFC 7636), state and nonce, all bound to this browser. A session
 * that lapsed is renewed the same way, but that the provider may ask nobody anything (`prompt=none`, OpenID Connect Core 3.1.2.1).
 *
 * @returns where to send the browser, and the secret that it must bring back in a cookie.
 * @throws {Error} where the provider cannot be reached. {AccessRefusedError} while too many are under way.
 */
export async function beginOidc(
  ctx: ServiceContext,
  {
    provider,
    redirectUri,
    next,
    lapsed = null,
  }: {
    readonly provider: OidcProvider;
    readonly redirectUri: string;
    readonly next: string;
    readonly lapsed?: LapsedSession | null;
  },
): Promise<{ readonly url: string; readonly secret: string }> {
  const configuration = await discoverProvider(provider, ctx.now());
  const verifier = client.randomPKCECodeVerifier();
  const [state, nonce] = [client.randomState(), client.randomNonce()];
  const url = client.buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope: ['openid', ...provider.scopes.filter((scope) => scope !== 'openid')].join(' '),
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...(lapsed && { prompt: 'none' }),
  });
  const { name, issuer } = provider;
  const renews = lapsed && { userId: lapsed.userId, expiresAt: lapsed.expiresAt };
  const step = { provider: name, issuer, redirectUri, state, nonce, verifier, next, renews };
  const detail: z.input<typeof oidcStepSchema> = step;
  return { url: url.href, secret: keepStep(ctx, { kind: 'oidc', detail, lasts: OIDC_STEP_LASTS }) };
}
