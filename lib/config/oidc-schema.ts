import { z } from 'zod';
import { durationBetween } from './duration-schema.ts';
import { refuse, refuseUnlessOne } from './refusal.ts';
import { isLoopback, serverUrl } from './url-schema.ts';

/** As the database has them. */
const ROLE_NAMES = ['viewer', 'investigator', 'admin'] as const;
const MAX_VALUE = 500;
const value = z.string().min(1).max(MAX_VALUE);
const role = z.enum(ROLE_NAMES);

const secretSource = z
  .strictObject({
    file: z.string().min(1).max(4096).describe('File whose first line is the secret.').exactOptional(),
    env: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is no name of an environment variable')
      .describe('Environment variable that holds it.')
      .exactOptional(),
  })
  .meta({ minProperties: 1, maxProperties: 1 })
  .superRefine((source, context) => refuseUnlessOne(context, source, ['file', 'env']));

const CRITERIA = ['subject', 'group', 'email-domain', 'claim'] as const;

/** Who gets a role: one criterion, compared byte for byte with what the ID token says. */
const roleRule = z
  .strictObject({
    role: role.describe('What they may do: viewer, investigator or admin.'),
    subject: value.describe('The `sub` of one person, which is never given to another.').exactOptional(),
    group: value.describe('One of the list in the claim `groups`.').exactOptional(),
    'email-domain': z
      .string()
      .max(253)
      .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'is no domain in lower case')
      .describe('The domain of an e-mail address that the provider says is verified.')
      .exactOptional(),
    claim: z
      .strictObject({
        name: value.describe('The name of the claim.'),
        value: value.describe('What it must be, or contain.'),
      })
      .describe('Any claim of the ID token: a text, or a list that contains the value.')
      .exactOptional(),
  })
  .superRefine(({ role: _, ...criteria }, context) => refuseUnlessOne(context, criteria, CRITERIA))
  .transform(({ role, subject, group, 'email-domain': domain, claim }): RoleRule => {
    if (subject !== undefined) return { role, subject };
    if (domain !== undefined) return { role, emailDomain: domain };
    return { role, claim: claim ?? { name: 'groups', value: group ?? '' } };
  });

/** Who gets a role at an identity provider. */
export type RoleRule = { readonly role: (typeof ROLE_NAMES)[number] } & (
  | { readonly subject: string }
  | { readonly emailDomain: string }
  | { readonly claim: { readonly name: string; readonly value: string } }
);

/** An identity provider that people sign in with. */
export const oidcSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'is not 1 to 32 lower-case letters, digits and hyphens')
      .describe('Part of the redirect URI: PUBLIC-URL/sign-in/oidc/NAME/callback.'),
    label: z.string().min(1).max(60).describe('What the sign-in page calls it; the name if not said.').exactOptional(),
    issuer: serverUrl.describe('Its issuer, exactly as it writes it.'),
    'client-id': value.describe('What it calls this dashboard.'),
    'client-secret': secretSource.describe('None for a public client, which PKCE protects alone.').exactOptional(),
    scopes: z
      .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/, 'is no scope'))
      .max(20)
      .describe('What is asked for besides openid.')
      .prefault(['profile', 'email']),
    roles: z.array(roleRule).max(200).describe('Who gets which role. Of several, the highest counts.').prefault([]),
    'default-role': role.describe('The role of whoever no rule names. Without it they are refused.').exactOptional(),
    'check-again': durationBetween('5m', '2160h', '8h')
      .describe('After how long it is asked again whether somebody may be in, and with which role. 5m to 2160h.')
      .prefault('8h'),
    'allow-http': z.boolean().describe('Permits an issuer on this machine without TLS.').prefault(false),
  })
  .superRefine((provider, context) => {
    const { issuer } = provider;
    if (URL.canParse(issuer) && new URL(issuer).protocol === 'http:') {
      const isHere = isLoopback(new URL(issuer).hostname);
      if (!isHere) refuse(context, 'is plain http to another machine', 'Write https', ['issuer']);
      else if (!provider['allow-http'])
        refuse(context, 'is plain http', 'Write https, or set allow-http: true beside it', ['issuer']);
    }
    if (provider.roles.length === 0 && provider['default-role'] === undefined) {
      refuse(context, 'gives nobody a role', 'Write roles, or a default-role', ['roles']);
    }
  })
  .transform(
    ({
      'client-id': clientId,
      'client-secret': clientSecret,
      'default-role': defaultRole,
      'allow-http': allowHttp,
      'check-again': checkAgain,
      label,
      ...provider
    }): typeof provider & {
      readonly label: string;
      readonly clientId: string;
      readonly clientSecret?: z.infer<typeof secretSource>;
      readonly defaultRole?: (typeof ROLE_NAMES)[number];
      readonly allowHttp: boolean;
      /** Milliseconds. */
      readonly checkAgain: number;
    } => ({
      ...provider,
      label: label ?? provider.name,
      clientId,
      allowHttp,
      checkAgain,
      ...(clientSecret !== undefined && { clientSecret }),
      ...(defaultRole !== undefined && { defaultRole }),
    }),
  );

export type OidcProvider = z.infer<typeof oidcSchema>;
