import * as client from 'openid-client';
import type { OidcProvider } from '#lib/config/oidc-schema.ts';
import { readSecretFile } from '#lib/remote/secret-file.ts';

/** Seconds that a provider has for an answer. */
const TIMEOUT = 10;
/** How long what it says of itself counts. */
const KEPT = 600_000;

const known = new Map<string, { readonly at: number; readonly configuration: client.Configuration }>();

/**
 * What a provider says of itself (OpenID Connect Discovery 1.0), its issuer compared with the configured one.
 *
 * @param now milliseconds since the epoch.
 * @throws {Error} where it cannot be reached, says another issuer, or its secret cannot be read.
 */
export async function discoverProvider(provider: OidcProvider, now: number): Promise<client.Configuration> {
  const secret = await secretOf(provider);
  const key = JSON.stringify([provider, secret]);
  const kept = known.get(key);
  if (kept && now - kept.at < KEPT) return kept.configuration;
  const execute = provider.allowHttp ? [client.allowInsecureRequests] : [];
  const authentication = secret === null ? client.None() : client.ClientSecretBasic(secret);
  const server = new URL(provider.issuer);
  const options = { execute, timeout: TIMEOUT };
  let configuration = await client.discovery(server, provider.clientId, undefined, authentication, options);
  const methods = configuration.serverMetadata().token_endpoint_auth_methods_supported;
  if (secret !== null && methods !== undefined && !methods.includes('client_secret_basic')) {
    const post = client.ClientSecretPost(secret);
    configuration = await client.discovery(server, provider.clientId, undefined, post, options);
  }
  if (configuration.serverMetadata().issuer !== provider.issuer) {
    throw new Error(
      `It calls itself ${configuration.serverMetadata().issuer}. Write that under issuer, if it is meant.`,
    );
  }
  // The ID token's own signature counts, however the token came.
  client.enableNonRepudiationChecks(configuration);
  known.clear();
  known.set(key, { at: now, configuration });
  return configuration;
}

async function secretOf({ clientSecret }: OidcProvider): Promise<string | null> {
  if (clientSecret === undefined) return null;
  if (clientSecret.file !== undefined) return readSecretFile(clientSecret.file);
  const secret = process.env[clientSecret.env ?? ''];
  if (secret) return secret;
  throw new Error(`The environment variable ${clientSecret.env} with the client secret is not set.`);
}
