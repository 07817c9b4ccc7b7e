import { z } from 'zod';
import { durationBetween } from './duration-schema.ts';
import { refuse, refuseUnlessOne } from './refusal.ts';
import { isLoopback } from './url-schema.ts';

const path = z.string().min(1).max(4096);

/** An address of a service that waits for signs of life. Often it holds a secret: nothing ever repeats more of it than its host. */
const pingUrl = z
  .string()
  .max(2048)
  .meta({ format: 'uri', examples: ['https://ping.models.example/4f1c'] })
  .superRefine((text, context) => {
    const url = URL.canParse(text) ? new URL(text) : null;
    const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
    if (url === null || !isSafe) {
      refuse(context, 'is no https address', 'Write https://…; plain http is for this machine only');
    } else if (url.username !== '' || url.password !== '' || url.hash !== '') {
      refuse(context, 'has a login or a fragment', 'Leave out what stands before the @ and behind the #');
    }
  });

const ping = z
  .strictObject({
    url: pingUrl.describe('Asked (GET) while all that must work does. Its silence is the alarm, somewhere else.'),
    every: durationBetween('30s', '24h', '5m').describe('How often. 30s to 24h.').prefault('5m'),
    'fail-url': pingUrl
      .describe('Asked instead while something fails; without it, nothing is asked then.')
      .exactOptional(),
  })
  .transform(({ 'fail-url': failUrl, ...rest }): typeof rest & { readonly failUrl?: string } =>
    failUrl === undefined ? rest : { ...rest, failUrl },
  );

const identityToken = z
  .strictObject({
    file: path
      .describe('File with the OpenID Connect token, which something else keeps fresh. Read for each signing.')
      .exactOptional(),
    env: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is no name of an environment variable')
      .describe('Environment variable of the jobs that holds it.')
      .exactOptional(),
    command: z
      .array(z.string().min(1).max(4096))
      .min(1)
      .max(50)
      .describe('A program with its arguments that prints it. It is started without a shell.')
      .exactOptional(),
  })
  .meta({ minProperties: 1, maxProperties: 1 })
  .superRefine((source, context) => refuseUnlessOne(context, source, ['file', 'env', 'command']));

const canary = z
  .strictObject({
    every: durationBetween('5m', '720h', '24h').describe('How often one is signed. 5m to 720h.').prefault('24h'),
    within: durationBetween('10s', '24h', '15m')
      .describe('How soon it must come up through the tail of its log. 10s to 24h.')
      .prefault('15m'),
    'identity-token': identityToken.describe('Who signs. A watch rule of your own must look for that identity.'),
    'signing-config': path
      .describe('signing_config.json with the services to sign with; that of the TUF repository if not said.')
      .exactOptional(),
  })
  .transform(
    ({
      'identity-token': token,
      'signing-config': signingConfig,
      ...rest
    }): typeof rest & { readonly token: typeof token; readonly signingConfig?: string } =>
      signingConfig === undefined ? { ...rest, token } : { ...rest, token, signingConfig },
  );

export const healthSchema = z.strictObject({
  metrics: z
    .enum(['token', 'open'])
    .describe('Who may read /metrics: token, with one of the scope read; open, anybody who reaches it.')
    .prefault('token'),
  ping: ping.describe('A sign of life for a service elsewhere.').exactOptional(),
  canary: canary
    .describe('A signing of our own, made to see that the whole way from signer to alarm works. Off unless it is here.')
    .exactOptional(),
});

type Health = z.infer<typeof healthSchema>;
export type PingConfig = NonNullable<Health['ping']>;
export type CanaryConfig = NonNullable<Health['canary']>;

/** The services to sign with must come from somewhere. */
export function refuseCanaryWithoutServices(
  context: z.core.$RefinementCtx,
  { canary }: Health,
  trust: { readonly file?: string | undefined },
): void {
  if (canary === undefined || canary.signingConfig !== undefined || trust.file === undefined) return;
  const mend = 'Add signing-config: a trust root that is a file says where nothing is signed';
  refuse(context, 'does not say which services sign', mend, ['health', 'canary']);
}
