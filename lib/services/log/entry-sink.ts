import type { Writer } from '#db/client.ts';
import type { EntryProof, KeptEntry } from '#lib/rekor/log-reader.ts';
import type { CheckpointPlace } from './entry-place.ts';

/** What is to be stored of one entry, made before the transaction that stores it. */
export interface PendingEntry {
  readonly id: string;
  store(tx: Writer): void;
}

/**
 * What becomes of the entries that were picked from a log: events of Rekor logs, issued certificates of certificate logs.
 * The tail, back-fills and searches by new rules know no more of them than this.
 */
export interface EntrySink {
  /** Never throws for what is in an entry: what cannot be read is kept as undecided. */
  take(entry: KeptEntry, proof: EntryProof, place: CheckpointPlace): PendingEntry;
  /** Settles what follows from the entries stored, in the same transaction. */
  settle(tx: Writer, ids: readonly string[]): void;
  /** Forgets entries from index `from` on that the tail stored: they were never part of a proved whole. */
  forget(tx: Writer, logId: number, from: number): void;
}
