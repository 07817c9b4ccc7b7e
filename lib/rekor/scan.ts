import type { Matcher } from '#lib/watch/match.ts';
import type { RuleMatch } from '#lib/watch/rule.ts';
import { type DecodedEntry, decodeEntry, decodeVerifier, type EntrySignature } from './entry.ts';

/** An entry worth keeping, and why. */
export interface Candidate {
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly leafHash: Uint8Array;
  /** Null where the entry could not be decided; `undecided` then says why. */
  readonly decoded: DecodedEntry | null;
  /** The signature whose certificate met a rule, else the first one. */
  readonly signature: EntrySignature | null;
  readonly undecided: string | null;
  readonly kind: string | null;
  readonly matches: readonly RuleMatch[];
}

const NOT_BASE64 = { undecided: 'The certificate in the entry is not base64.' };

/** Larger than any certificate that fits an entry. */
const scratch = Buffer.allocUnsafe(65_536);

/**
 * Looks at one bound entry: null for the many that no rule names and no bundle waits for.
 * What cannot be decoded, or whose certificate cannot be walked, is always kept.
 *
 * @param isAwaited whether a bundle is known whose entry has this leaf hash.
 */
export function scanEntry(
  index: number,
  bytes: Uint8Array,
  leafHash: Uint8Array,
  matcher: Matcher,
  isAwaited: (leafHash: Uint8Array) => boolean,
): Candidate | null {
  const entry = decodeEntry(bytes);
  const place = { index, bytes, leafHash };
  if ('undecided' in entry) {
    const matches = matcher.searchBytes(bytes);
    return { ...place, decoded: null, signature: null, undecided: entry.undecided, kind: entry.kind, matches };
  }
  for (const signature of entry.signatures) {
    if (signature.form !== 'certificate') continue;
    const length = decodeVerifier(signature, scratch);
    const found = length === null ? NOT_BASE64 : matcher.matchCertificate(scratch.subarray(0, length));
    if ('undecided' in found) {
      const matches = matcher.searchBytes(bytes);
      return { ...place, decoded: null, signature, undecided: found.undecided, kind: entry.kind, matches };
    }
    if (found.matches.length > 0) {
      return { ...place, decoded: entry, signature, undecided: null, kind: entry.kind, matches: found.matches };
    }
  }
  if (!isAwaited(leafHash)) return null;
  const signature = entry.signatures[0] ?? null;
  return { ...place, decoded: entry, signature, undecided: null, kind: entry.kind, matches: [] };
}
