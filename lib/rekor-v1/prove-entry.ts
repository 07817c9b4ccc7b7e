import type { Check } from '#lib/provenance/check.ts';
import type { BundleLogEntry } from '#lib/sigstore/bundle-log-entry.ts';
import { type EntryBody, readEntryBody } from '#lib/sigstore/entry-body.ts';
import { verifyInclusionInLog } from '#lib/sigstore/log-inclusion.ts';
import { verifyPromise } from '#lib/sigstore/promise.ts';
import { Refusal } from '#lib/sigstore/refusal.ts';
import type { TrustedRoot } from '#lib/sigstore/trusted-root.ts';

export type ProvenEntry =
  | {
      readonly outcome: 'proven';
      readonly body: EntryBody;
      /** When the log took it, milliseconds since the epoch: signed by the log. */
      readonly at: number;
      readonly checks: readonly Check[];
    }
  | { readonly outcome: 'refused'; readonly reason: string };

/**
 * Proves that an entry is in a Rekor v1 log of the trust root, and when it came there: its signed entry timestamp, the
 * checkpoint of its tree, and its place under that. The same checks as of the entry in a bundle.
 */
export function proveEntry(entry: BundleLogEntry, root: TrustedRoot): ProvenEntry {
  const checks: Check[] = [];
  try {
    const time = verifyPromise(entry, root, checks);
    if (!time)
      return { outcome: 'refused', reason: 'The log gives no signed timestamp of the entry: its time is not proved.' };
    verifyInclusionInLog(entry, '0.3', root, time.at, checks);
    return { outcome: 'proven', body: readEntryBody(entry), at: time.at, checks };
  } catch (error) {
    if (error instanceof Refusal) return { outcome: 'refused', reason: error.message };
    return {
      outcome: 'refused',
      reason: `The entry is in the log, but cannot be understood: ${(error as Error).message}.`,
    };
  }
}
