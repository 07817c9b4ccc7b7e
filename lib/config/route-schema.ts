import { z } from 'zod';
import { ALERT_KINDS, ALERT_SEVERITIES, type AlertKind, type AlertSeverity } from '#lib/provenance/alert-kind.ts';
import { durationBetween } from './duration-schema.ts';

export const DIGESTS = ['immediately', 'hourly', 'daily'] as const;
export type Digest = (typeof DIGESTS)[number];

/** Which alerts go to which channels, and how soon. All criteria given must be met. */
export interface RouteConfig {
  readonly name: string;
  /** Any of these; every kind where there is none. */
  readonly kinds: readonly AlertKind[];
  /** The least severity. */
  readonly severity: AlertSeverity;
  /** Globs of watch rules and of models, any of which will do; empty for alerts of whatever rule or model, and of none. */
  readonly rules: readonly string[];
  readonly models: readonly string[];
  /** Names of channels. */
  readonly channels: readonly string[];
  readonly digest: Digest;
  /** Milliseconds after which what is still new is told again; null for once. */
  readonly repeat: number | null;
  /** Whether it is told that the cause of an alert is gone. */
  readonly resolved: boolean;
}

const globs = z.array(z.string().min(1).max(500)).max(200);

/** A route as the configuration has it. Whether its channels are there is for who has the channels to say. */
export const routeSchema = z
  .strictObject({
    name: z.string().min(1).max(100).describe('What pages call it, and what its waiting digest is kept under.'),
    kinds: z
      .array(z.enum(ALERT_KINDS))
      .max(ALERT_KINDS.length)
      .describe('Kinds of alerts; all if not said.')
      .prefault([]),
    severity: z.enum(ALERT_SEVERITIES).describe('The least severity.').prefault('low'),
    rules: globs
      .describe('Globs of the names of watch rules (`*` stops at a slash). Alerts of no rule do not match then.')
      .prefault([]),
    models: globs
      .describe('Globs of the names of models (`*` stops at a slash). Alerts of no model do not match then.')
      .prefault([]),
    channels: z.array(z.string().min(1).max(64)).min(1).max(20).describe('Names of the channels that they go to.'),
    digest: z
      .enum(DIGESTS)
      .describe('immediately, or all of an hour or a day in one message (at the full hour, at 06:00 UTC).')
      .prefault('immediately'),
    repeat: durationBetween('10m', '720h', '24h')
      .describe('After how long what nobody has acknowledged is told again; once if not said. 10m to 720h.')
      .exactOptional(),
    resolved: z.boolean().describe('Tells as well when the cause of an alert is gone.').prefault(false),
  })
  .transform(({ repeat, ...route }): RouteConfig => ({ ...route, repeat: repeat ?? null }));
