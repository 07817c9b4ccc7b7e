import { type EntryFormat, REKOR_V2 } from '#lib/rekor/entry-format.ts';
import { REKOR_V1 } from '#lib/rekor-v1/entry-format.ts';

const KINDS_OF_V2: ReadonlySet<string> = new Set(['hashedrekord 0.0.2', 'dsse 0.0.2']);

/**
 * How a stored entry is read again: as its log writes entries, else by what it calls itself.
 *
 * @param api of the log that it is of; null where we do not follow that log.
 */
export function formatOfKind(kind: string | null, api: string | null): EntryFormat {
  if (api === 'rekor-v1') return REKOR_V1;
  return api === 'rekor-v2' || kind === null || KINDS_OF_V2.has(kind) ? REKOR_V2 : REKOR_V1;
}
