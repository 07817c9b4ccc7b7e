import { z } from 'zod';
import { TlogError } from '#lib/tlog/error.ts';
import { parseVerifierKey } from '#lib/tlog/key.ts';
import { durationBetween } from './duration-schema.ts';
import { refuse } from './refusal.ts';
import { refusePlainHttp, serverUrl } from './url-schema.ts';

/** What is kept of a log. */
export const mirror = z.enum(['matches', 'full']);

/** How old the last good answer of a log may be. */
export const freshness = durationBetween('10s', '168h', '15m');

/** Where a log that was never followed begins. */
export const start = z.union([z.literal('end'), z.int().min(0)]);

const reading = z.enum(['entries', 'index']);

const origin = z
  .string()
  .min(1)
  .max(255)
  .superRefine((text, context) => {
    if (!/[\p{C}\p{Z}+]/u.test(text)) return;
    refuse(context, 'has a space, a plus sign or an invisible character', 'Copy the first line of its checkpoints');
  });

/** One log of `logs.list`. */
export const logSchema = z
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
    for (const vantage of entry.vantages) refusePlainHttp(context, vantage, entry['allow-http'], 'vantages');
    if (entry.key !== undefined && entry.api !== undefined) {
      refuse(context, 'is of a certificate log, whose key the trust root must name', 'Leave key out', ['key']);
    } else if (entry.key !== undefined) checkKey(context, entry.origin, entry.key, entry.url !== undefined);
  })
  .transform(({ 'allow-http': _, 'back-fill': backFill, 'write-urls': writeUrls, ...entry }) => ({
    ...entry,
    ...(backFill !== undefined && { backFill }),
    ...(writeUrls !== undefined && { writeUrls }),
  }));

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
