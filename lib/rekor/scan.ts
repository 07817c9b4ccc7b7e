import type { Matcher } from '#lib/watch/match.ts';
import { strongestMatches } from '#lib/watch/match-strength.ts';
import type { RuleMatch } from '#lib/watch/rule.ts';
import {
  type DecodedEntry,
  decodeEntryBase64,
  decodeVerifier,
  type EntrySignature,
  readEntry,
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
  /** The signature that met a rule most surely, else the one that is undecided, else the first one. */
  readonly signature: EntrySignature | null;
  readonly undecided: string | null;
  readonly kind: string | null;
  readonly matches: readonly RuleMatch[];
}

const NO_DIGESTS: readonly string[] = [];

/** Larger than any certificate that fits an entry. */
const scratch = Buffer.allocUnsafe(65_536);

/**
 * Whether an entry of Rekor v2 is to be looked at further: true for what a rule names and what cannot be decided.
 * The hot path: false for nearly every entry of a log.
 */
export function isOfInterest(bytes: Uint8Array, matcher: Matcher): boolean {
  const entry = readEntry(bytes);
  if (entry === null) return true;
  const digests = matcher.needsDigests ? hexDigests(entry) : NO_DIGESTS;
  for (const signature of entry.signatures) if (isSignerOfInterest(signature, digests, matcher)) return true;
  return false;
}

/** The same of an entry that is decoded already. */
export function isDecodedOfInterest(entry: DecodedEntry | UndecidedEntry, matcher: Matcher): boolean {
  if ('undecided' in entry) return true;
  const { matches, undecided } = matchDecoded(entry, matcher);
  return undecided !== null || matches.length > 0;
}

function hexDigests({ digests }: DecodedEntry): string[] {
  return digests.map(({ digest }) => Buffer.from(digest, 'base64').toString('hex'));
}

function matchDecoded(entry: DecodedEntry, matcher: Matcher) {
  return matcher.matchEntry({
    digests: hexDigests(entry),
    signatures: entry.signatures.map(({ form, verifier }) => ({ form, der: decodeOrNull(verifier) })),
  });
}

function isSignerOfInterest({ form, verifier }: EntrySignature, digests: readonly string[], matcher: Matcher): boolean {
  if (form === 'public-key' && !matcher.needsKeys) return false;
  const length = decodeVerifier(verifier, scratch);
  if (length === null) return true;
  const found = matcher.matchSignature({ form, der: scratch.subarray(0, length) }, digests);
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
  const found = matchDecoded(entry, matcher);
  const signature = entry.signatures[found.signature ?? found.undecided?.signature ?? 0] ?? null;
  if (found.undecided === null) {
    return { ...place, decoded: entry, signature, undecided: null, matches: found.matches };
  }
  // What one signature hides takes nothing from what another shows, nor the reverse.
  const matches = strongestMatches([...found.matches, ...matcher.searchBytes(bytes)]);
  if (found.signature !== null && found.signature !== found.undecided.signature) {
    return { ...place, decoded: entry, signature, undecided: null, matches };
  }
  return { ...place, decoded: null, signature, undecided: found.undecided.reason, matches };
}

function decodeOrNull(verifier: string): Uint8Array | null {
  try {
    return decodeEntryBase64(verifier);
  } catch {
    return null;
  }
}
