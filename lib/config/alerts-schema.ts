import { z } from 'zod';
import { ALERT_KINDS, ALERT_SEVERITIES, type AlertKind, type AlertSeverity } from '#lib/provenance/alert-kind.ts';
import { channelSchema } from './channel-schema.ts';
import { durationBetween } from './duration-schema.ts';
import { refuse, uniqueBy } from './refusal.ts';
import { routeSchema } from './route-schema.ts';
import { serverUrl } from './url-schema.ts';

const severity = z.enum(ALERT_SEVERITIES);

/** Every kind may be given a severity of its own; what is not said keeps its default. */
const severities = z
  .strictObject(
    Object.fromEntries(
      ALERT_KINDS.map((kind) => [kind, severity.describe(`Severity of alerts of the kind ${kind}.`).exactOptional()]),
    ),
  )
  .transform((given): Readonly<Partial<Record<AlertKind, AlertSeverity>>> => given);

const grace = z.strictObject({
  unclaimed: durationBetween('1s', '168h', '15m')
    .describe('How long after an own signing was seen its bundle may come before it is an alert. 1s to 168h.')
    .prefault('15m'),
  unexpected: durationBetween('1s', '168h', '1m')
    .describe('How long after an own signing was seen it may be declared before it is an alert. 1s to 168h.')
    .prefault('1m'),
  health: durationBetween('1s', '24h', '5m')
    .describe('How long a failure of a source, a job or a check of health must last before it is an alert. 1s to 24h.')
    .prefault('5m'),
});

export const alertsSchema = z
  .strictObject({
    address: serverUrl
      .describe('Where people reach these pages: messages link to it. Without it they have no links.')
      .exactOptional(),
    channels: uniqueBy(z.array(channelSchema).max(50), 'name').describe('Ways out for alerts.').prefault([]),
    routes: uniqueBy(z.array(routeSchema).max(100), 'name')
      .describe('Which alerts go to which channels. Without one, alerts stand on their page only.')
      .prefault([]),
    severities: severities.describe('How grave each kind is here, where the default is not right.').prefault({}),
    keep: durationBetween('24h', '87600h', '2160h')
      .describe(
        'How long resolved alerts and messages that are done with are kept. Open alerts, and what was decided by hand, stay. 24h to 87600h (ten years).',
      )
      .prefault('8760h'),
    grace: grace.describe('How long something may last before it is an alert.').prefault({}),
  })
  .superRefine(({ channels, routes }, context) => {
    const known = new Set(channels.map(({ name }) => name));
    for (const [i, route] of routes.entries()) {
      for (const [j, channel] of route.channels.entries()) {
        if (known.has(channel)) continue;
        const mend = `Name one of ${[...known].join(', ') || 'alerts.channels, of which there is none'}`;
        refuse(context, `"${channel}" is no channel`, mend, ['routes', i, 'channels', j]);
      }
    }
  });

export type AlertsConfig = z.infer<typeof alertsSchema>;
