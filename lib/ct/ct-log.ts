import type { SignedCheckpoint } from '#lib/rekor/checkpoint.ts';
import { LogDataError } from '#lib/rekor/log-data-error.ts';
import type {
  EntryPicker,
  EntryProof,
  KeptEntry,
  LogReader,
  LogView,
  ReadBatch,
  ReadOptions,
  TreeHead,
} from '#lib/rekor/log-reader.ts';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import { pickedBy } from '#lib/rekor/process-bundle.ts';
import { CompactRange } from '#lib/tlog/compact-range.ts';
import { TlogError } from '#lib/tlog/error.ts';
import { equalBytes, hashLeaf } from '#lib/tlog/hash.ts';
import { verifyConsistency, verifyInclusion } from '#lib/tlog/proof.ts';
import { compactRangeFromInclusionProof } from '#lib/tlog/range-from-proof.ts';
import type { CtClient } from './ct-client.ts';
import { BatchSize, readLeaves } from './read-leaves.ts';
import { type CertificateLogKey, readTreeHead } from './tree-head.ts';

export interface CtLog extends CertificateLogKey {
  readonly client: CtClient;
}

/** Entries, and bytes, that are held back until they are bound. */
const ENTRIES_A_STEP = 8192;
const BYTES_A_STEP = 32 * 1024 * 1024;

/**
 * Reads a certificate log (RFC 6962). Its entries come without proofs: they are hashed and held back until a consistency
 * proof has bound the tree that they make to the signed one. Only then is anything of them interpreted.
 */
export function ctLogReader({ client, ...log }: CtLog): LogReader {
  const batch = new BatchSize();
  return {
    head: async (signal): Promise<SignedCheckpoint> => readTreeHead(await client.treeHead(signal), log),
    open: async (head, signal) => new CtView(client, head, batch, signal),
  };
}

class CtView implements LogView {
  readonly isProofBound = false;
  readonly size: number;
  readonly root: Uint8Array;
  readonly #client: CtClient;
  readonly #batch: BatchSize;
  readonly #signal: AbortSignal | undefined;

  constructor(client: CtClient, head: TreeHead, batch: BatchSize, signal: AbortSignal | undefined) {
    this.size = head.size;
    this.root = head.root;
    this.#client = client;
    this.#batch = batch;
    this.#signal = signal;
  }

  async consistencyProof(first: number): Promise<Uint8Array[]> {
    // RFC 6962 has no question for these.
    if (first === 0 || first === this.size) return [];
    return this.#client.consistencyProof(first, this.size, this.#signal);
  }

  async rangeOf(size: number): Promise<CompactRange> {
    if (size === 0) return CompactRange.empty(nodeSha256);
    const index = size - 1;
    const { leaf, hashes } = await this.#client.entryAndProof(index, this.size, this.#signal);
    const leafHash = hashLeaf(leaf, nodeSha256);
    return this.#proved(`The place of entry ${index}`, () =>
      compactRangeFromInclusionProof({ index, size: this.size, leafHash, proof: hashes, root: this.root }, nodeSha256),
    );
  }

  async *read(range: CompactRange, end: number, options: ReadOptions): AsyncGenerator<ReadBatch> {
    const pick = pickedBy(options.picker);
    const signal = options.signal ?? this.#signal;
    let held: { readonly bytes: Uint8Array; readonly leafHash: Uint8Array }[] = [];
    let bytes = 0;
    // The caller's range stays at what is bound; this one goes ahead of it.
    const reached = range.clone();
    const read = readLeaves(this.#client, range.size, end, { batch: this.#batch, parallel: options.parallel, signal });
    for await (const leaves of read) {
      for (const leaf of leaves) {
        const leafHash = hashLeaf(leaf, nodeSha256);
        reached.append(leafHash);
        held.push({ bytes: leaf, leafHash });
        bytes += leaf.length;
      }
      if (held.length < ENTRIES_A_STEP && bytes < BYTES_A_STEP && reached.size < end) continue;
      await this.#bind(reached);
      const first = range.size;
      for (const { leafHash } of held) range.append(leafHash);
      const kept = held.flatMap((entry, i) =>
        pick(entry.bytes, entry.leafHash) ? [this.#keep({ ...entry, index: first + i }, options.picker)] : [],
      );
      held = [];
      bytes = 0;
      yield { size: range.size, kept };
    }
  }

  async entry(index: number): Promise<KeptEntry> {
    const { leaf, hashes } = await this.#client.entryAndProof(index, this.size, this.#signal);
    const leafHash = hashLeaf(leaf, nodeSha256);
    this.#verifyPlace(index, leafHash, hashes);
    return { index, bytes: leaf, leafHash, proof: async () => ({ head: null, size: this.size, hashes }) };
  }

  /** That the leaves read so far are the start of the signed tree. */
  async #bind(range: CompactRange): Promise<void> {
    const what = `Entries up to ${range.size} of the tree of ${this.size} that the log signed`;
    const proof = await this.consistencyProof(range.size);
    if (range.size === this.size && !equalBytes(range.root(), this.root)) {
      throw new LogDataError('entry-mismatch', `${what}: those that the server gave have another root.`);
    }
    this.#proved(
      what,
      () =>
        verifyConsistency(
          { first: range.size, second: this.size, proof, firstRoot: range.root(), secondRoot: this.root },
          nodeSha256,
        ),
      'entry-mismatch',
    );
  }

  /** What a rule picked is stored with its proof, which is asked for at once; a mirror needs none. */
  #keep(entry: Omit<KeptEntry, 'proof'>, { takesAll }: EntryPicker): KeptEntry {
    const prove = () => this.#prove(entry);
    if (takesAll) return { ...entry, proof: prove };
    const proof = prove();
    // Awaited where the entry is stored; until then a failure must not count as unhandled.
    proof.catch(() => {});
    return { ...entry, proof: () => proof };
  }

  async #prove({ index, leafHash }: Omit<KeptEntry, 'proof'>): Promise<EntryProof> {
    const { hashes } = await this.#client.entryAndProof(index, this.size, this.#signal);
    this.#verifyPlace(index, leafHash, hashes);
    return { head: null, size: this.size, hashes };
  }

  #verifyPlace(index: number, leafHash: Uint8Array, proof: readonly Uint8Array[]): void {
    this.#proved(`The place of entry ${index}`, () =>
      verifyInclusion({ index, size: this.size, leafHash, proof, root: this.root }, nodeSha256),
    );
  }

  #proved<T>(what: string, prove: () => T, code: 'bad-proof' | 'entry-mismatch' = 'bad-proof'): T {
    try {
      return prove();
    } catch (error) {
      if (!(error instanceof TlogError)) throw error;
      throw new LogDataError(code, `${what}: the server's proof does not hold: ${error.message}.`);
    }
  }
}
