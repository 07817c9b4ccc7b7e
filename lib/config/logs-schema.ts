import { z } from 'zod';
import { TlogError } from '#lib/tlog/error.ts';
import { parseVerifierKey } from '#lib/tlog/key.ts';
import { DURATION, parseDuration } from './duration.ts';
import { durationBetween } from './duration-schema.ts';
import { refuse, uniqueBy } from './refusal.ts';
import { refusePlainHttp, serverUrl } from './url-schema.ts';

const MIN_POLL = 100;
const MAX_POLL = 3_600_000;

const poll = z
  .string()
  .meta({ pattern: DURATION.source, examples: ['30s'] })
  .superRefine((text, context) => {
    const duration = parseDuration(text);
    if (duration === null) refuse(context, 'is not a duration', 'Write a whole number and its unit: 500ms, 30s, 5m');
    else if (duration < MIN_POLL || duration > MAX_POLL)
      refuse(context, 'is out of bounds', 'Write between 100ms and 1h');
  })
  .transform((text) => parseDuration(text) ?? MAX_POLL);

const freshness = durationBetween('10s', '168h', '15m');

const start = z.union([z.literal('end'), z.int().min(0)]);

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
    origin: origin.describe('The first line of its checkpoints. A log that answers with another is refused.'),
    url: serverUrl
      .describe(
        'Where to read it. Left out, the address in the trust root; a mirror may stand here, for all is proved.',
      )
      .exactOptional(),
    start: start.describe('Where to begin in this log, if elsewhere than in the others.').exactOptional(),
    key: z
      .string()
      .max(1024)
      .describe('Its verifier key (C2SP vkey), for a log that the trust root does not name.')
      .exactOptional(),
    freshness: freshness.describe('How old its last good answer may be, if other than for the others.').exactOptional(),
    'write-urls': z
      .array(serverUrl)
      .max(20)
      .describe('Where signers write to it, if elsewhere than it is read: signing configurations name such addresses.')
      .exactOptional(),
    'allow-http': z
      .boolean()
      .describe('Permits plain http to another machine, where reading is seen by all.')
      .prefault(false),
  })
  .superRefine((entry, context) => {
    refusePlainHttp(context, entry.url, entry['allow-http'], 'url');
    if (entry.key !== undefined) checkKey(context, entry.origin, entry.key, entry.url !== undefined);
  })
  .transform(
    ({
      'allow-http': _,
      'write-urls': writeUrls,
      ...entry
    }): typeof entry & { readonly writeUrls?: readonly string[] } =>
      writeUrls === undefined ? entry : { ...entry, writeUrls },
  );

const settings = z.strictObject({
  discover: z
    .boolean()
    .describe('Follow every Rekor v2 log of the trust root, new shards included: a shard not followed is a blind spot.')
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
  freshness: freshness
    .describe('How old the last good answer of a log may be before health says that it fails. 10s to 168h.')
    .prefault('15m'),
  'monitor-config': z
    .string()
    .min(1)
    .max(4096)
    .describe('A MonitorConfig (JSON) of your Sigstore: where logs are read, by origin.')
    .exactOptional(),
  list: uniqueBy(z.array(log).max(200), 'origin')
    .describe('Logs to follow besides those discovered, or what to do otherwise for some of them.')
    .prefault([]),
});

export const logsSchema = settings.transform(
  ({ 'monitor-config': monitorConfig, ...rest }): typeof rest & { readonly monitorConfig?: string } =>
    monitorConfig === undefined ? rest : { ...rest, monitorConfig },
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
