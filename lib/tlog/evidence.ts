/**
 * Evidence that a log contradicted itself, complete in one file: whoever has the log's key can check it without us and
 * without any network. docs/evidence.md describes the file, docs/decisions/0015-what-proves-a-fork.md why it holds what
 * it holds. There are no remarks in it: whatever a file says is checked, or the file is refused.
 */
export const EVIDENCE_MEDIA_TYPE = 'application/vnd.modeltrail.log-evidence.v1+json';
export const EVIDENCE_VERSION = 1;

/** What every kind has: whose contradiction it is. */
interface EvidenceOfLog {
  /** First line of the log's checkpoints. */
  readonly origin: string;
  /** The verifier key (C2SP vkey) that signed: the file's claim, until somebody compares it with the log's own. */
  readonly key: string;
}

/**
 * Two signed trees of which the larger does not begin with the smaller. Which of them came first is not part of it: a
 * log that changed its past, one that shows two trees, and a smaller tree that contradicts a larger one are the same.
 */
export interface ForkEvidence extends EvidenceOfLog {
  readonly kind: 'fork';
  /** Signed notes, with the line of the log's key and no other. */
  readonly smaller: string;
  readonly larger: string;
  /** Nodes of the larger tree as in prefix-proof.ts. */
  readonly prefix: readonly Uint8Array[];
  readonly suffix: readonly Uint8Array[];
}

/** Two signed trees of one size with different roots. */
export interface SameSizeEvidence extends EvidenceOfLog {
  readonly kind: 'same-size';
  readonly first: string;
  readonly second: string;
}

/** Two different entries, each proved to stand at one index. */
export interface EntryEvidence extends EvidenceOfLog {
  readonly kind: 'entry';
  readonly index: number;
  readonly first: ProvedEntry;
  readonly second: ProvedEntry;
}

export interface ProvedEntry {
  readonly note: string;
  /** As it was hashed into the tree. */
  readonly entry: Uint8Array;
  /** Inclusion proof (RFC 6962, 2.1.1) in the tree of the note. */
  readonly proof: readonly Uint8Array[];
}

/** A checkpoint that says that the log is frozen (frozen.ts), and one of a larger tree. */
export interface GrowthAfterFreezeEvidence extends EvidenceOfLog {
  readonly kind: 'growth-after-freeze';
  readonly frozen: string;
  readonly larger: string;
}

export type LogEvidence = ForkEvidence | SameSizeEvidence | EntryEvidence | GrowthAfterFreezeEvidence;

/** Larger than two entries of a MiB each in base64, with notes and proofs. */
export const MAX_EVIDENCE_BYTES = 4 * 1024 * 1024;
export const MAX_EVIDENCE_ENTRY_BYTES = 1024 * 1024;
