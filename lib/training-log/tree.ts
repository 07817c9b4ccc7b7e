import { CompactRange } from '#lib/tlog/compact-range.ts';
import { hashLeaf, nobleSha256, type Sha256 } from '#lib/tlog/hash.ts';
import { toHex } from '#lib/tlog/hex.ts';
import { readEntry, readHeader, type StatedTree, type TrainingLogEntry, type TrainingLogHeader } from './entry.ts';
import { TrainingLogError } from './training-log-error.ts';

/**
 * A training log as it grows: takes line after line, checks each against its place, and knows the RFC 6962 root of all
 * lines so far. What it keeps does not grow with the log.
 */
export class TrainingLogTree {
  readonly #sha256: Sha256;
  readonly #range: CompactRange;
  #seal: StatedTree | null;

  constructor(from: { range: CompactRange; seal: StatedTree | null } | null = null, sha256: Sha256 = nobleSha256) {
    this.#sha256 = sha256;
    this.#range = from?.range.clone() ?? CompactRange.empty(sha256);
    this.#seal = from?.seal ?? null;
  }

  /** Lines taken, the header among them. */
  get size(): number {
    return this.#range.size;
  }

  /** What the last line states, once it is a seal. */
  get seal(): StatedTree | null {
    return this.#seal;
  }

  get range(): CompactRange {
    return this.#range.clone();
  }

  /** Lowercase hex. */
  root(): string {
    return toHex(this.#range.root());
  }

  /** @throws {TrainingLogError} unless nothing was taken before. */
  takeHeader(line: Uint8Array): TrainingLogHeader {
    if (this.size > 0) throw new TrainingLogError('wrong-order', 'A log has one header.', this.size + 1);
    const header = readHeader(line);
    this.#append(line);
    return header;
  }

  /** @throws {TrainingLogError} for a line that cannot be the next one; nothing is taken then. */
  takeEntry(line: Uint8Array): TrainingLogEntry {
    if (this.size === 0) throw new TrainingLogError('no-header', 'A log begins with its header.', 1);
    if (this.#seal) throw new TrainingLogError('behind-seal', 'The log was sealed by the line before.', this.size + 1);
    const entry = readEntry(line, this.size);
    if (entry.kind === 'root' || entry.kind === 'seal') {
      const tree = { size: entry.size, root: entry.root };
      if (tree.size !== this.size || tree.root !== this.root()) {
        const message = `It states the root ${tree.root} of ${tree.size} lines; the ${this.size} lines before it have ${this.root()}. One of them was changed after it was written.`;
        throw new TrainingLogError('wrong-root', message, this.size + 1);
      }
      if (entry.kind === 'seal') this.#seal = tree;
    }
    this.#append(line);
    return entry;
  }

  #append(line: Uint8Array): void {
    this.#range.append(hashLeaf(line, this.#sha256));
  }
}
