import type { OpenDatabase } from '#db/client.ts';
import type { ChannelConfig } from '#lib/config/channel-schema.ts';
import type { RouteConfig } from '#lib/config/route-schema.ts';
import { listMessages, type MessageSummary } from '#lib/services/message/list.ts';
import { alertSettings } from './settings.ts';

const LATEST = 5;
const LOOKED_AT = 200;

export interface ListedChannel {
  readonly name: string;
  readonly kind: ChannelConfig['kind'];
  /** Where it leads, without anything secret. */
  readonly target: string;
  readonly allowPrivate: boolean;
  readonly latest: readonly MessageSummary[];
}

export interface ListedRoute extends RouteConfig {
  readonly latest: readonly MessageSummary[];
}

export interface Channels {
  readonly channels: readonly ListedChannel[];
  readonly routes: readonly ListedRoute[];
}

/** Channels and routes in force, each with what it delivered last. */
export async function listChannels(database: OpenDatabase): Promise<Channels> {
  const { channels, routes } = alertSettings(database.db);
  const recent = await listMessages(database, { limit: LOOKED_AT });
  return {
    channels: await Promise.all(
      channels.map(async (channel) => ({
        name: channel.name,
        kind: channel.kind,
        target: targetOf(channel),
        allowPrivate: channel.kind !== 'hook' && channel.allowPrivate,
        latest: await latestOf(database, channel.name),
      })),
    ),
    routes: routes.map((route) => ({
      ...route,
      latest: recent.filter(({ routes: names }) => names.includes(route.name)).slice(0, LATEST),
    })),
  };
}

/** The newest, and after them what was given up before: somebody may want to send it again. */
async function latestOf(database: OpenDatabase, channel: string): Promise<readonly MessageSummary[]> {
  const [newest, failed] = await Promise.all([
    listMessages(database, { channel, limit: LATEST }),
    listMessages(database, { channel, state: 'failed', limit: LATEST }),
  ]);
  const shown = new Set(newest.map(({ id }) => id));
  return [...newest, ...failed.filter(({ id }) => !shown.has(id))];
}

/** Addresses of chats are secrets, those of webhooks may hold one in their path. */
function targetOf(channel: ChannelConfig): string {
  switch (channel.kind) {
    case 'email':
      return `${channel.to.join(', ')} through ${channel.host}:${channel.port}`;
    case 'webhook':
      return new URL(channel.url).origin;
    case 'hook':
      return channel.command;
    case 'slack':
    case 'teams':
    case 'mattermost':
      return `the address in ${channel.address.file ?? channel.address.env}`;
  }
}
