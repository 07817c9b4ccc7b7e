import type { Matcher } from '#lib/watch/match.ts';
import { type DecodedEntry, decodeEntry, type UndecidedEntry } from './entry.ts';
import { isOfInterest } from './scan.ts';

/** What is picked from one kind of log. */
export interface EntrySieve {
  /** Whether a rule names the entry, or it cannot be decided. The hot path: false for nearly every entry of a log. */
  isOfInterest(bytes: Uint8Array, matcher: Matcher): boolean;
}

/** How the entries of one kind of Rekor log are read. */
export interface EntryFormat extends EntrySieve {
  /** Reads one entry that is bound to a signed root; never throws. */
  decode(bytes: Uint8Array): DecodedEntry | UndecidedEntry;
}

/** Entries of Rekor v2, and of its mirrors. */
export const REKOR_V2: EntryFormat = { decode: decodeEntry, isOfInterest };
