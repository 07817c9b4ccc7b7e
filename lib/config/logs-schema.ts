import { z } from 'zod';
import { TlogError } from '#lib/tlog/error.ts';
import { parseVerifierKey } from '#lib/tlog/key.ts';
import { DURATION, parseDuration } from './duration.ts';
import { refuse, uniqueBy } from './refusal.ts';
import { refusePlainHttp, serverUrl } from './url-schema.ts';

/** Milliseconds, written as a duration between two. */
function durationBetween(least: string, most: string, example: string) {
  const [min, max] = [parseDuration(least) ?? 0, parseDuration(most) ?? 0];
  return z
    .string()
    .meta({ pattern: DURATION.source, examples: [example] })
    .superRefine((text, context) => {
      const duration = parseDuration(text);
      if (duration === null) refuse(context, 'is not a duration', 'Write a whole number and its unit: 500ms, 30s, 5m');
      else if (duration < min || duration > max)
        refuse(context, 'is out of bounds', `Write between ${least} and ${most}`);
    })
    .transform((text) => parseDuration(text) ?? max);
}

const poll = durationBetween('100ms', '1h', '30s');
const unusedAfter = durationBetween('1s', '720h', '24h');

const mirror = z.enum(['matches', 'full']);

const start = z.union([z.literal('end'), z.int().min(0)]);

const reading = z.enum(['entries', 'index']);

const origin = z
  .string()
  .min(1)
  .max(255)
  .superRefine((text, context) => {
    if (!/[\p{C}\p{Z}+]/u.test(text)) return;
    refuse(context, 'has a space, a plus sign or an invisible character', 'Copy the first line of its checkpoints');
  });

const log = z
  .strictObject({
    origin: origin.describe(
      'The first line of its checkpoints; of a Rekor v1 server its host. A log that answers with another is refused.',
    ),
    url: serverUrl
      .describe(
        'Where to read it. Left out, the address in the trust root; a mirror may stand here, for all is proved.',
      )
      .exactOptional(),
    start: start.describe('Where to begin in this log, if elsewhere than in the others.').exactOptional(),
    'back-fill': z
      .boolean()
      .describe('Whether the past of this log is read, if otherwise than of the others.')
      .exactOptional(),
    mirror: mirror.describe('What is kept of this log, if other than of the others.').exactOptional(),
    vantages: z
      .array(serverUrl)
      .max(8)
      .describe(
        'Other ways to the same log, as through another network: what it shows there is compared with what it shows here.',
      )
      .prefault([]),
    api: z
      .enum(['ct-rfc6962', 'ct-static'])
      .describe('For a certificate log of the trust root: how it is read, if not by the API of RFC 6962.')
      .exactOptional(),
    reading: reading
      .describe('How a Rekor v1 server is read, if not as logs.rekor-v1 says: entries or index.')
      .exactOptional(),
    key: z
      .string()
      .max(1024)
      .describe('Its verifier key (C2SP vkey), for a log that the trust root does not name.')
      .exactOptional(),
    'allow-http': z
      .boolean()
      .describe('Permits plain http to another machine, where reading is seen by all.')
      .prefault(false),
  })
  .superRefine((entry, context) => {
    refusePlainHttp(context, entry.url, entry['allow-http'], 'url');
    for (const vantage of entry.vantages) refusePlainHttp(context, vantage, entry['allow-http'], 'vantages');
    if (entry.key !== undefined && entry.api !== undefined) {
      refuse(context, 'is of a certificate log, whose key the trust root must name', 'Leave key out', ['key']);
    } else if (entry.key !== undefined) checkKey(context, entry.origin, entry.key, entry.url !== undefined);
  })
  .transform(({ 'allow-http': _, 'back-fill': backFill, ...entry }) => ({
    ...entry,
    ...(backFill !== undefined && { backFill }),
  }));

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
    poll: poll
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
    'unused-after': unusedAfter
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
    list: uniqueBy(z.array(log).max(200), 'origin')
      .describe('Logs to follow besides those discovered, or what to do otherwise for some of them.')
      .prefault([]),
  })
  .transform(
    ({
      'back-fill': backFill,
      'back-fill-rate': backFillRate,
      'mirror-limit': gigabytes,
      'witness-policy': policy,
      'certificate-logs': certificateLogs,
      'unused-after': unusedAfter,
      'rekor-v1': rekorV1,
      ...logs
    }) => ({
      ...logs,
      backFill,
      backFillRate,
      /** Bytes. */
      mirrorLimit: gigabytes * 1e9,
      certificateLogs,
      /** Milliseconds. */
      unusedAfter,
      rekorV1,
      ...(policy !== undefined && { witnessPolicy: policy }),
    }),
  );

/** The key must be one, of this very log, and there must be somewhere to read the log. */
function checkKey(context: z.core.$RefinementCtx, origin: string, key: string, hasUrl: boolean): void {
  const problem = keyProblem(origin, key);
  const mend = `Copy the verifier key whole, as the log publishes it: ${origin}+id+key`;
  if (problem !== null) refuse(context, problem, mend, ['key']);
  else if (!hasUrl) refuse(context, 'is of a log without an address', 'Add url beside it', ['key']);
}

function keyProblem(origin: string, key: string): string | null {
  try {
    const { kind, name } = parseVerifierKey(key);
    if (kind !== 'ed25519') return 'is not an Ed25519 key, as Rekor v2 logs have';
    return name === origin ? null : `is the key of ${name}, not of ${origin}`;
  } catch (error) {
    if (error instanceof TlogError) return error.message;
    throw error;
  }
}

export type LogsConfig = z.infer<typeof logsSchema>;
