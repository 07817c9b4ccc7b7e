import { z } from 'zod';
import { durationBetween } from './duration-schema.ts';
import { freshness, logSchema, mirror, start } from './log-schema.ts';
import { uniqueBy } from './refusal.ts';

export const logsSchema = z
  .strictObject({
    discover: z
      .boolean()
      .describe(
        'Follow every Rekor v2 log of the trust root, new shards included: a shard not followed is a blind spot.',
      )
      .prefault(true),
    start: start
      .describe('Where to begin in a log seen for the first time: end, 0 for all of it, or an index.')
      .prefault('end'),
    poll: durationBetween('100ms', '1h', '30s')
      .describe('How often a log is asked for news, and so how late an alarm may be. 100ms to 1h.')
      .prefault('30s'),
    parallel: z
      .int()
      .min(1)
      .max(64)
      .describe('Requests to one log at a time while catching up. Public logs limit those who ask for too much.')
      .prefault(16),
    'back-fill': z
      .boolean()
      .describe('Read the past of a log too, from where the tail began back to its first entry, behind the tail.')
      .prefault(false),
    'back-fill-rate': z
      .int()
      .min(1)
      .max(1_000_000)
      .describe('Entries a second at most that are read of the past of one log.')
      .prefault(2000),
    mirror: mirror
      .describe(
        'matches keeps what a rule names; full keeps every entry and tile of a log on disk, proved, and serves them.',
      )
      .prefault('matches'),
    'mirror-limit': z
      .int()
      .min(1)
      .describe(
        'Gigabytes (10^9 bytes) that the mirror of one log may take; mirroring stops there, following does not.',
      )
      .prefault(100),
    'public-mirrors': z
      .boolean()
      .describe('Anybody may read the mirrors under /mirror/. Without it, reading needs a session or a token.')
      .prefault(false),
    freshness: freshness
      .describe('How old the last good answer of a log may be before health says that it fails. 10s to 168h.')
      .prefault('15m'),
    'monitor-config': z
      .string()
      .min(1)
      .max(4096)
      .describe('A MonitorConfig (JSON) of your Sigstore: where logs are read, by origin.')
      .exactOptional(),
    'witness-policy': z
      .string()
      .min(1)
      .max(4096)
      .describe('A tlog-policy file: which witnesses count, and how many must have cosigned a checkpoint.')
      .exactOptional(),
    'certificate-logs': z
      .boolean()
      .describe(
        'Follow the certificate logs of the trust root too: they show certificates that nobody used in a Rekor log.',
      )
      .prefault(true),
    'unused-after': durationBetween('1s', '720h', '24h')
      .describe(
        'After how long a certificate without an entry, or an entry whose certificate no certificate log has, is a finding. ' +
          'A certificate log may take a day to show what it promised to hold. 1s to 720h.',
      )
      .prefault('24h'),
    'rekor-v1': z
      .enum(['entries', 'index', 'off'])
      .describe(
        'How Rekor v1 servers of the trust root are followed. entries: every entry is read, as fast as the server gives them. index: the heads of all trees only; entries are found through the certificate log and the search index.',
      )
      .prefault('index'),
    list: uniqueBy(z.array(logSchema).max(200), 'origin')
      .describe('Logs to follow besides those discovered, or what to do otherwise for some of them.')
      .prefault([]),
  })
  .transform(
    ({
      'back-fill': backFill,
      'back-fill-rate': backFillRate,
      'mirror-limit': gigabytes,
      'public-mirrors': publicMirrors,
      'witness-policy': policy,
      'certificate-logs': certificateLogs,
      'unused-after': unusedAfter,
      'rekor-v1': rekorV1,
      'monitor-config': monitorConfig,
      ...logs
    }) => ({
      ...logs,
      backFill,
      backFillRate,
      /** Bytes. */
      mirrorLimit: gigabytes * 1e9,
      publicMirrors,
      certificateLogs,
      /** Milliseconds. */
      unusedAfter,
      rekorV1,
      ...(monitorConfig !== undefined && { monitorConfig }),
      ...(policy !== undefined && { witnessPolicy: policy }),
    }),
  );

export type LogsConfig = z.infer<typeof logsSchema>;
