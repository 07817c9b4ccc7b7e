import type { Matcher, Matching } from '#lib/watch/match.ts';
import type { RuleMatch } from '#lib/watch/rule.ts';
import {
  type DecodedEntry,
  decodeEntryBase64,
  decodeVerifier,
  type EntrySignature,
  locateEntry,
  type SignatureSpans,
  type UndecidedEntry,
} from './entry.ts';
import type { EntryFormat } from './entry-format.ts';

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

const NO_CERTIFICATE: Matching = { matches: [] };
const NOT_BASE64: Matching = { undecided: 'The certificate in the entry is not canonical base64.' };

/** Larger than any certificate that fits an entry. */
const scratch = Buffer.allocUnsafe(65_536);

/**
 * Whether an entry of Rekor v2 is to be looked at further: true for what a rule names and what cannot be decided.
 * The hot path: false for nearly every entry of a log.
 */
export function isOfInterest(bytes: Uint8Array, matcher: Matcher): boolean {
  const entry = locateEntry(bytes);
  return entry === null || entry.signatures.some((spans) => isSignerOfInterest(bytes, spans, matcher));
}

/** The same of an entry that is decoded already. */
export function isDecodedOfInterest(entry: DecodedEntry | UndecidedEntry, matcher: Matcher): boolean {
  if ('undecided' in entry) return true;
  return entry.signatures.some((signature) => {
    const found = matchSigner(signature, matcher);
    return 'undecided' in found || found.matches.length > 0;
  });
}

function isSignerOfInterest(bytes: Uint8Array, spans: SignatureSpans, matcher: Matcher): boolean {
  if (spans.form !== 'certificate') return false;
  const length = decodeVerifier(bytes, spans, scratch);
  if (length === null) return true;
  const found = matcher.matchCertificate(scratch.subarray(0, length));
  return 'undecided' in found || found.matches.length > 0;
}

/** What there is to know of an entry that is worth keeping: which signature met which rules, or why it is undecided. */
export function examineEntry(
  index: number,
  bytes: Uint8Array,
  leafHash: Uint8Array,
  matcher: Matcher,
  format: Pick<EntryFormat, 'decode'>,
): Candidate {
  const entry = format.decode(bytes);
  const place = { index, bytes, leafHash, kind: entry.kind };
  if ('undecided' in entry) {
    const matches = matcher.searchBytes(bytes);
    return { ...place, decoded: null, signature: null, undecided: entry.undecided, matches };
  }
  for (const signature of entry.signatures) {
    const found = matchSigner(signature, matcher);
    if ('undecided' in found) {
      const matches = matcher.searchBytes(bytes);
      return { ...place, decoded: null, signature, undecided: found.undecided, matches };
    }
    if (found.matches.length > 0) {
      return { ...place, decoded: entry, signature, undecided: null, matches: found.matches };
    }
  }
  return { ...place, decoded: entry, signature: entry.signatures[0] ?? null, undecided: null, matches: [] };
}

function matchSigner({ form, verifier }: EntrySignature, matcher: Matcher): Matching {
  if (form !== 'certificate') return NO_CERTIFICATE;
  let certificate: Uint8Array;
  try {
    certificate = decodeEntryBase64(verifier);
  } catch {
    return NOT_BASE64;
  }
  return matcher.matchCertificate(certificate);
}
