import { nobleSha256, type Sha256 } from '#lib/tlog/hash.ts';
import { toHex } from '#lib/tlog/hex.ts';
import type { StatedTree, TrainingLogEntry, TrainingLogHeader } from './entry.ts';
import { LineSplitter } from './line-splitter.ts';
import { TrainingLogError } from './training-log-error.ts';
import { TrainingLogTree } from './tree.ts';

/** The most that is read into memory at once; longer logs are read as streams. */
export const MAX_LOG_BYTES = 64 * 1024 * 1024;

/** A whole training log whose every line was read and checked. */
export interface TrainingLog {
  readonly header: TrainingLogHeader;
  /** Entries in order, without the header; the seal is the last, where there is one. */
  readonly entries: readonly TrainingLogEntry[];
  /** Null for a log that is still written. */
  readonly seal: StatedTree | null;
  /** Of all lines, the seal among them, lowercase hex. */
  readonly root: string;
  /** Of the file, lowercase hex. */
  readonly sha256: string;
}

/**
 * Reads a training log (docs/training-log.md): every line, its place, and every root that the log states of itself.
 *
 * @throws {TrainingLogError}
 */
export function readTrainingLog(bytes: Uint8Array, sha256: Sha256 = nobleSha256): TrainingLog {
  if (bytes.length > MAX_LOG_BYTES) {
    throw new TrainingLogError('too-large', `It has ${bytes.length} bytes; at most ${MAX_LOG_BYTES} are read.`);
  }
  const splitter = new LineSplitter();
  const tree = new TrainingLogTree(null, sha256);
  const entries: TrainingLogEntry[] = [];
  let header: TrainingLogHeader | null = null;
  for (const line of splitter.push(bytes)) {
    if (header === null) header = tree.takeHeader(line);
    else entries.push(tree.takeEntry(line));
  }
  if (splitter.rest.length > 0) {
    throw new TrainingLogError('torn', 'The last line was not written whole: no newline ends it.', tree.size + 1);
  }
  if (header === null) throw new TrainingLogError('no-header', 'The file is empty.');
  return { header, entries, seal: tree.seal, root: tree.root(), sha256: toHex(sha256(bytes)) };
}
