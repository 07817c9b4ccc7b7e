import { z } from 'zod';
import { durationBetween } from './duration-schema.ts';
import { oidcSchema } from './oidc-schema.ts';
import { refuse, uniqueBy } from './refusal.ts';
import { isLoopback, serverUrl } from './url-schema.ts';

/** The origin that browsers see: sessions, passkeys and redirects hang on it, so that nothing of a request may decide it. */
const publicUrl = serverUrl.superRefine((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null) return;
  if (url.pathname !== '/') {
    refuse(
      context,
      'has a path',
      'Serve the dashboard at the root of a host of its own, such as https://modeltrail.example',
    );
  } else if (url.protocol !== 'https:' && !isLoopback(url.hostname)) {
    refuse(context, 'is plain http to another machine', 'Put a proxy with TLS in front, and write https');
  }
});

const sessions = z.strictObject({
  lifetime: durationBetween('5m', '2160h', '168h')
    .describe('After how long somebody must sign in again, whatever they do. 5m to 2160h.')
    .prefault('168h'),
  idle: durationBetween('1m', '2160h', '12h')
    .describe('After how long without a request a session ends. 1m to 2160h.')
    .prefault('12h'),
});

/** Who may use the dashboard. Nothing can be read without sign-in, unless it says so here. */
export const accessSchema = z
  .strictObject({
    'public-url': publicUrl
      .describe('The address that browsers open, https unless it is this machine. Without it, only loopback works.')
      .exactOptional(),
    'without-sign-in': z
      .literal('loopback')
      .describe('A browser on this very machine needs no sign-in and is an admin. For development and demonstrations.')
      .exactOptional(),
    sessions: sessions.describe('How long somebody stays signed in.').prefault({}),
    'local-accounts': z
      .boolean()
      .describe(
        'Accounts with a password that Modeltrail keeps itself; the first is made with a code from the console.',
      )
      .prefault(true),
    passkeys: z.boolean().describe('Local accounts may sign in with passkeys too.').prefault(true),
    proxies: z
      .int()
      .min(0)
      .max(5)
      .describe('How many proxies of yours stand in front and add to X-Forwarded-For. 0: no address in it is believed.')
      .prefault(0),
    oidc: uniqueBy(z.array(oidcSchema).max(10), 'name')
      .describe('Identity providers (OpenID Connect) that people sign in with, and which role they get.')
      .prefault([]),
  })
  .superRefine((access, context) => {
    const url = access['public-url'];
    const isElsewhere = url !== undefined && URL.canParse(url) && !isLoopback(new URL(url).hostname);
    if (isElsewhere && access['without-sign-in'] !== undefined) {
      const mend = 'Leave one of the two out: what a proxy passes on can look like loopback';
      refuse(context, 'does not go with a public-url of another machine', mend, ['without-sign-in']);
    }
    if (!access['local-accounts'] && access.oidc.length === 0 && access['without-sign-in'] === undefined) {
      refuse(context, 'lets nobody in', 'Allow local accounts, or name an identity provider', ['local-accounts']);
    }
  })
  .transform(
    ({
      'public-url': url,
      'without-sign-in': withoutSignIn,
      'local-accounts': localAccounts,
      ...access
    }): typeof access & {
      readonly localAccounts: boolean;
      /** An origin without a slash at its end. */
      readonly publicUrl?: string;
      readonly withoutSignIn?: 'loopback';
    } => ({
      ...access,
      localAccounts,
      ...(url !== undefined && { publicUrl: new URL(url).origin }),
      ...(withoutSignIn !== undefined && { withoutSignIn }),
    }),
  );

export type AccessConfig = z.infer<typeof accessSchema>;
