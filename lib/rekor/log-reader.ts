import type { CompactRange } from '#lib/tlog/compact-range.ts';
import type { NoteVerifier } from '#lib/tlog/note.ts';
import type { Matcher } from '#lib/watch/match.ts';
import { compileRules, type WatchRule } from '#lib/watch/rule.ts';
import type { BundlePool } from './bundle-pool.ts';
import type { SignedCheckpoint } from './checkpoint.ts';
import { type EntrySieve, REKOR_V2 } from './entry-format.ts';

/** A tree of a log: size and root that it signed. */
export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/** The keys that speak for a log. */
export interface LogSigner {
  readonly origin: string;
  readonly verifiers: readonly NoteVerifier[];
}

/**
 * One log behind whatever API it has. Nothing that its server says is passed on before it is bound to something that the
 * log signed: whoever uses a reader need not know which API it is.
 */
export interface LogReader {
  /** Whose notes `head` takes; undefined for logs whose heads are no notes (certificate logs). */
  readonly signer?: LogSigner | undefined;
  /**
   * The newest signed head.
   *
   * @throws {FetchError | LogDataError} where there is no answer, or none that the log signed.
   */
  head(signal?: AbortSignal): Promise<SignedCheckpoint>;
  /** The tree of a head whose signature was verified. @throws {FetchError | LogDataError} */
  open(head: TreeHead, signal?: AbortSignal): Promise<LogView>;
}

/** What entries are picked by. */
export interface EntryPicker {
  readonly format: EntrySieve;
  readonly rules: readonly WatchRule[];
  /** Of `rules`. */
  readonly matcher: Matcher;
  /** Leaf hashes that bundles have shown and that were not read yet; lowercase hex. */
  readonly awaited: ReadonlySet<string>;
  /** Takes every entry, whatever is in it: for mirrors. */
  readonly takesAll?: boolean;
}

/** Picks every entry. */
export const TAKE_ALL: EntryPicker = {
  format: REKOR_V2,
  rules: [],
  matcher: compileRules([]),
  awaited: new Set(),
  takesAll: true,
};

export interface ReadOptions {
  readonly picker: EntryPicker;
  /** Requests under way at once. */
  readonly parallel: number;
  /** Other threads for long reads; without them everything runs on this one. */
  readonly pool?: BundlePool | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The tree of one signed head. Everything it gives is bound to that head, or to another that the log signed. */
export interface LogView extends TreeHead {
  /**
   * RFC 6962 2.1.2: that the tree of `first` entries is the start of this one.
   * Hashes that a server made are not bound to anything: see `isProofBound`.
   */
  consistencyProof(first: number): Promise<Uint8Array[]>;
  /** Whether the hashes of `consistencyProof` are bound to the root, so that one that fails is the log's own contradiction. */
  readonly isProofBound: boolean;
  /**
   * The compact range of the first `size` entries, proved to be of this tree.
   *
   * @throws {LogDataError}
   */
  rangeOf(size: number): Promise<CompactRange>;
  /**
   * Reads the entries from `range.size` up to `end`, in order, and extends `range` by them: each was bound to a signed
   * root before it was looked at. The caller compares `range.root()` with what it should be.
   *
   * @throws {LogDataError} at the first that is not; what was given before stands.
   */
  read(range: CompactRange, end: number, options: ReadOptions): AsyncGenerator<ReadBatch>;
  /** The hash of the complete subtree `index` of 2^level leaves, where the log gives such hashes, bound to the root. */
  subtree?(level: number, index: number): Promise<Uint8Array>;
  /** One entry. @throws {LogDataError} */
  entry(index: number): Promise<KeptEntry>;
}

/** Entries read in one go, in their place. */
export interface ReadBatch {
  /** How many entries of the tree have been read with it. */
  readonly size: number;
  /** Entries to be looked at further. */
  readonly kept: readonly KeptEntry[];
}

/** An entry that is bound to a signed root. */
export interface KeptEntry {
  readonly index: number;
  /** As the log has it, byte for byte: what its leaf hash is made of. */
  readonly bytes: Uint8Array;
  readonly leafHash: Uint8Array;
  proof(): Promise<EntryProof>;
  /** When the log took it, in milliseconds since the epoch, where the log signed that (Rekor v1's signed entry timestamp). */
  readonly takenAt?: number | undefined;
}

/** Where an entry stands in a tree that the log signed. */
export interface EntryProof {
  /** The tree; null where it is the one that was opened. */
  readonly head: SignedCheckpoint | null;
  readonly size: number;
  /** RFC 6962 2.1.1. */
  readonly hashes: readonly Uint8Array[];
}
