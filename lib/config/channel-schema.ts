import { z } from 'zod';
import { durationBetween } from './duration-schema.ts';
import { refuse } from './refusal.ts';
import { type SecretSource, secretSource } from './secret-schema.ts';
import { refusePlainHttp } from './url-schema.ts';

interface Named {
  readonly name: string;
}

/** What holds for every channel that is reached over the network. */
interface Reached extends Named {
  /** Whether it may be at an address that is not on the public network. */
  readonly allowPrivate: boolean;
  /** PEM of authorities that are believed besides those of Node; absolute once loaded. */
  readonly caFile?: string;
}

export interface EmailChannel extends Reached {
  readonly kind: 'email';
  readonly from: string;
  readonly to: readonly string[];
  readonly host: string;
  readonly port: number;
  /** `starttls` is required, `tls` is spoken from the first byte, `none` sends everything readable for all. */
  readonly security: 'starttls' | 'tls' | 'none';
  readonly user?: string;
  readonly password?: SecretSource;
}

export interface ChatChannel extends Reached {
  readonly kind: 'slack' | 'teams' | 'mattermost';
  /** The address of an incoming webhook: who has it may write there. */
  readonly address: SecretSource;
  readonly allowHttp: boolean;
}

export interface WebhookChannel extends Reached {
  readonly kind: 'webhook';
  readonly url: string;
  /** One, or two while they are replaced: every message is signed with each. */
  readonly secrets: readonly SecretSource[];
  readonly allowHttp: boolean;
}

export interface HookChannel extends Named {
  readonly kind: 'hook';
  /** Absolute path of a program. */
  readonly command: string;
  /** Milliseconds that it may take. */
  readonly timeout: number;
}

/** One way out for alerts, told apart by `kind`. */
export type ChannelConfig = EmailChannel | ChatChannel | WebhookChannel | HookChannel;

const MAX_RECIPIENTS = 50;

const named = {
  name: z
    .string()
    .max(64)
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
      'has other characters than letters, digits, full stop, hyphen and underscore',
    )
    .describe('What routes and pages call it.'),
};

const reached = {
  ...named,
  'allow-private': z
    .boolean()
    .describe('Permits an address that is not on the public network: this machine, your own network.')
    .prefault(false),
  'ca-file': z
    .string()
    .min(1)
    .max(4096)
    .describe('PEM file of authorities of your own that its certificate may be from.')
    .exactOptional(),
};

const allowHttp = z.boolean().describe('Permits plain http, which anybody on the way can read.').prefault(false);

/** One plain address. Nothing of what RFC 5322 permits besides: no comments, no quotes, no line breaks. */
const mailbox = z
  .string()
  .max(254)
  .regex(
    /^[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+)*@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/,
    'is not a plain e-mail address',
  )
  .meta({ examples: ['security@models.example'] });

const host = z
  .string()
  .max(253)
  .regex(
    /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:]+(?:\.[0-9.]+)?)$/,
    'is neither a host name nor an address',
  );

const email = z
  .strictObject({
    kind: z.literal('email').describe('Messages by SMTP.'),
    ...reached,
    from: mailbox.describe('Whom the messages come from.'),
    to: z.array(mailbox).min(1).max(MAX_RECIPIENTS).describe('Who gets them.'),
    host: host.describe('The SMTP server that takes them.'),
    port: z.int().min(1).max(65_535).describe('Its port; 587 is that of submission.').prefault(587),
    security: z
      .enum(['starttls', 'tls', 'none'])
      .describe('starttls is required of the server; tls from the first byte (port 465); none only where it is meant.')
      .prefault('starttls'),
    user: z.string().min(1).max(256).describe('Who logs in there, if anybody must.').exactOptional(),
    password: secretSource.describe('Its password.').exactOptional(),
  })
  .superRefine((channel, context) => {
    if ((channel.user === undefined) !== (channel.password === undefined))
      refuse(context, 'has one of user and password', 'Write both, or neither');
    if (channel.user !== undefined && channel.security === 'none')
      refuse(context, 'would send the password readable for all', 'Use starttls or tls, or leave out user', [
        'security',
      ]);
  })
  .transform(
    ({ 'allow-private': allowPrivate, 'ca-file': caFile, user, password, ...rest }): EmailChannel => ({
      ...rest,
      allowPrivate,
      ...(caFile === undefined ? {} : { caFile }),
      ...(user === undefined ? {} : { user }),
      ...(password === undefined ? {} : { password }),
    }),
  );

const chatKeys = {
  ...reached,
  address: secretSource.describe('The address of the incoming webhook. It is a secret: who has it may write there.'),
  'allow-http': allowHttp,
};

type WrittenChat = Pick<ChatChannel, 'kind' | 'name' | 'address'> & {
  readonly 'allow-private': boolean;
  readonly 'ca-file'?: string;
  readonly 'allow-http': boolean;
};

function toChat({ kind, name, address, ...flags }: WrittenChat): ChatChannel {
  const { 'allow-private': allowPrivate, 'allow-http': allowHttp, 'ca-file': caFile } = flags;
  return { kind, name, address, allowPrivate, allowHttp, ...(caFile === undefined ? {} : { caFile }) };
}

const slack = z
  .strictObject({ kind: z.literal('slack').describe('An incoming webhook of Slack.'), ...chatKeys })
  .transform(toChat);
const teams = z
  .strictObject({
    kind: z.literal('teams').describe('A workflow of Microsoft Teams that takes webhook requests.'),
    ...chatKeys,
  })
  .transform(toChat);
const mattermost = z
  .strictObject({ kind: z.literal('mattermost').describe('An incoming webhook of Mattermost.'), ...chatKeys })
  .transform(toChat);

const webhook = z
  .strictObject({
    kind: z.literal('webhook').describe('A server of your own, by Standard Webhooks.'),
    ...reached,
    url: z
      .string()
      .max(2048)
      .meta({ format: 'uri', examples: ['https://hooks.models.example/modeltrail'] })
      .superRefine((text, context) => {
        const url = URL.canParse(text) ? new URL(text) : null;
        if (url === null || !/^https?:$/.test(url.protocol)) {
          refuse(
            context,
            'is not an https address',
            'Write it in full, such as https://hooks.models.example/modeltrail',
          );
        } else if (url.username !== '' || url.password !== '' || url.hash !== '') {
          refuse(context, 'has a login or a fragment', 'Leave out what stands before the @ and behind the #');
        }
      })
      .describe('Where it listens.'),
    secrets: z
      .array(secretSource)
      .min(1)
      .max(2)
      .describe('What messages are signed with, whsec_…; a second one while it is replaced.'),
    'allow-http': allowHttp,
  })
  .superRefine((channel, context) => refusePlainHttp(context, channel.url, channel['allow-http'], 'url'))
  .transform(
    ({ 'allow-private': allowPrivate, 'allow-http': mayHttp, 'ca-file': caFile, ...rest }): WebhookChannel => ({
      ...rest,
      allowPrivate,
      allowHttp: mayHttp,
      ...(caFile === undefined ? {} : { caFile }),
    }),
  );

const hook = z
  .strictObject({
    kind: z.literal('hook').describe('A program on this machine.'),
    ...named,
    command: z
      .string()
      .max(4096)
      .regex(/^\/[^\0]+$/, 'is not an absolute path')
      .describe('Its absolute path. It is started without a shell and without arguments; the message is its input.'),
    timeout: durationBetween('1s', '5m', '30s').describe('How long it may take; 1s to 5m.').prefault('30s'),
  })
  .transform((channel): HookChannel => channel);

/** A channel as the configuration file may have it. */
export const channelSchema = z.discriminatedUnion('kind', [email, slack, teams, mattermost, webhook, hook]);

/** A channel as it may be made elsewhere than in the file: none starts a program. */
export const networkChannelSchema = z.discriminatedUnion('kind', [email, slack, teams, mattermost, webhook]);
