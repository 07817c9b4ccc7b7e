import { LogDataError } from '#lib/rekor/log-data-error.ts';
import type { KeptEntry, LogView, ReadBatch, ReadOptions, TreeHead } from '#lib/rekor/log-reader.ts';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import { CompactRange, compactRangeFromInclusionProof } from '#lib/tlog/compact-range.ts';
import { TlogError } from '#lib/tlog/error.ts';
import { equalBytes } from '#lib/tlog/hash.ts';
import { toHex } from '#lib/tlog/hex.ts';
import { verifyConsistency } from '#lib/tlog/proof.ts';
import type { RekorV1Api } from './api.ts';
import { type BoundEntry, bindEntry, type TreePlace } from './bind-entry.ts';
import { readTree } from './read-tree.ts';
import type { SeenHeads } from './seen-heads.ts';

/** The tree of one signed head of a Rekor v1 tree. */
export class TreeView implements LogView {
  /** The server makes its proofs: their hashes are bound to nothing. */
  readonly isProofBound = false;
  readonly size: number;
  readonly root: Uint8Array;
  readonly #api: RekorV1Api;
  readonly #place: TreePlace;
  readonly #seen: SeenHeads;
  /** The signed note, or what it says where none is at hand. */
  readonly #statement: string;

  constructor(api: RekorV1Api, place: TreePlace, seen: SeenHeads, head: TreeHead & { readonly note?: string | null }) {
    this.#api = api;
    this.#place = place;
    this.#seen = seen;
    this.size = head.size;
    this.root = head.root;
    this.#statement =
      head.note ?? `${place.notary.origin}\n${head.size}\n${Buffer.from(head.root).toString('base64')}\n`;
  }

  consistencyProof(first: number): Promise<Uint8Array[]> {
    return this.#api.consistencyProof(this.#place.treeId, first, this.size);
  }

  /** The left side of the last entry's inclusion proof is the range of what is before it. */
  async rangeOf(size: number): Promise<CompactRange> {
    if (size === 0) return CompactRange.empty(nodeSha256);
    const last = await this.#bound(size - 1);
    const { index, leafHash, hashes, head } = last;
    const range = compactRangeFromInclusionProof({ index, size: head.size, leafHash, proof: hashes }, nodeSha256);
    const start = { size, root: range.root() };
    if (size !== this.size) await this.#proveContinues(start, this);
    else if (!equalBytes(start.root, this.root)) throw this.#contradiction(last);
    return range;
  }

  async *read(range: CompactRange, end: number, options: ReadOptions): AsyncGenerator<ReadBatch> {
    const { picker, parallel, signal } = options;
    const view = { size: this.size, root: this.root, note: this.#statement };
    for await (const entries of readTree(this.#api, this.#place, range.size, end, { parallel, signal })) {
      const kept: KeptEntry[] = [];
      for (const entry of entries) {
        this.#seen.add(entry.head);
        range.append(entry.leafHash);
        this.#seen.compare(range, view);
        const isWanted =
          picker.takesAll === true ||
          picker.awaited.has(toHex(entry.leafHash)) ||
          picker.format.isOfInterest(entry.bytes, picker.matcher);
        if (isWanted) kept.push(entry);
      }
      yield { size: range.size, kept };
    }
  }

  /** Bound to this very tree: the head that it came under is proved to continue it, or to be its start. */
  async entry(index: number): Promise<KeptEntry> {
    const entry = await this.#bound(index);
    const { head } = entry;
    if (head.size < this.size) await this.#proveContinues(head, this);
    else if (head.size > this.size) await this.#proveContinues(this, head);
    else if (!equalBytes(head.root, this.root)) throw this.#contradiction(entry);
    return entry;
  }

  async #bound(index: number): Promise<BoundEntry> {
    return bindEntry(await this.#api.entry(this.#place.indexOffset + index), index, this.#place);
  }

  async #proveContinues(first: TreeHead, second: TreeHead): Promise<void> {
    const proof = await this.#api.consistencyProof(this.#place.treeId, first.size, second.size);
    try {
      verifyConsistency(
        { first: first.size, second: second.size, proof, firstRoot: first.root, secondRoot: second.root },
        nodeSha256,
      );
    } catch (error) {
      if (!(error instanceof TlogError)) throw error;
      throw new LogDataError(
        'bad-proof',
        `The server's proof that size ${second.size} of ${this.#place.notary.origin} continues size ${first.size} does not hold: ${error.message}.`,
        { proof: proof.map((hash) => Buffer.from(hash).toString('base64')).join('\n') },
      );
    }
  }

  /** The last entry was proved under a head of this size, or a larger one, which makes another root of this size. */
  #contradiction({ index, leafHash, hashes, head }: BoundEntry): LogDataError {
    return new LogDataError(
      'inconsistent',
      `The log signed size ${this.size} with one root, and proved entry ${index} to us under another: it shows different trees to different readers.`,
      {
        held: this.#statement,
        received: head.note,
        index: String(index),
        leaf: toHex(leafHash),
        proof: hashes.map((hash) => Buffer.from(hash).toString('base64')).join('\n'),
      },
    );
  }
}
