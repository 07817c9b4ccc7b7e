import type { ChannelConfig } from '#lib/config/channel-schema.ts';
import type { Resolve } from '#lib/remote/guarded-lookup.ts';
import { sendEmail } from './email.ts';
import { runHook } from './hook.ts';
import { mattermostBody } from './mattermost.ts';
import type { Delivery } from './notice.ts';
import { payloadOf } from './payload.ts';
import { postJson } from './post.ts';
import { readSecret } from './secret.ts';
import { slackBody } from './slack.ts';
import { teamsBody } from './teams.ts';
import { signWebhook } from './webhook-signature.ts';

export interface DeliverOptions {
  readonly signal?: AbortSignal | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since the epoch: signatures carry it. */
  readonly now: number;
  /** Where names lead; the system's resolver if not said. */
  readonly resolve?: Resolve | undefined;
}

const CHAT_BODIES = { slack: slackBody, teams: teamsBody, mattermost: mattermostBody } as const;

/**
 * Tries once to deliver a message through a channel.
 *
 * @throws {DeliveryError} where it was not delivered, with what is to be hoped of another try.
 */
export async function deliver(channel: ChannelConfig, delivery: Delivery, options: DeliverOptions): Promise<void> {
  const { signal, environment, now, resolve } = options;
  switch (channel.kind) {
    case 'email': {
      const password = channel.password === undefined ? null : await readSecret(channel.password, environment);
      return sendEmail(channel, delivery, { password, resolve });
    }
    case 'webhook': {
      const secrets = await Promise.all(channel.secrets.map((secret) => readSecret(secret, environment)));
      const body = payloadOf(delivery);
      const headers = signWebhook({ id: delivery.id, timestamp: Math.floor(now / 1000), body }, secrets);
      return postJson(channel, { headers, body, signal, resolve });
    }
    case 'hook':
      return runHook(channel, delivery, signal);
    case 'slack':
    case 'teams':
    case 'mattermost': {
      const url = await readSecret(channel.address, environment);
      const body = CHAT_BODIES[channel.kind](delivery);
      return postJson({ ...channel, url }, { headers: {}, body, signal, resolve });
    }
  }
}
