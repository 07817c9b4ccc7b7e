import type { CompactRange } from '#lib/tlog/compact-range.ts';
import type { NoteVerifier } from '#lib/tlog/note.ts';
import { TILE_WIDTH } from '#lib/tlog/tile.ts';
import { AuthenticatedTree } from './authenticated-tree.ts';
import { readCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import {
  type KeptEntry,
  type LogReader,
  type LogView,
  type ReadBatch,
  type ReadOptions,
  TAKE_ALL,
} from './log-reader.ts';
import { type BundleProcessor, inlineProcessor } from './process-bundle.ts';
import { leavesOf, readBundle, readEntries } from './read-entries.ts';
import type { TileSource } from './tile-client.ts';

export interface TileLog {
  readonly origin: string;
  readonly verifiers: readonly NoteVerifier[];
  readonly source: TileSource;
}

/** So many entries are worth handing to other threads. */
const POOL_FROM = 16 * TILE_WIDTH;

/** Reads a log that serves tiles: Rekor v2, a mirror (C2SP tlog-tiles). */
export function tileLogReader({ origin, verifiers, source }: TileLog): LogReader {
  return {
    signer: { origin, verifiers },
    head: async (signal): Promise<SignedCheckpoint> =>
      readCheckpoint(await source.checkpoint(signal), { origin, verifiers }),
    open: async (head, signal) => new TileView(source, await AuthenticatedTree.open(source, head, signal)),
  };
}

class TileView implements LogView {
  readonly isProofBound = true;
  readonly #source: TileSource;
  readonly #tree: AuthenticatedTree;

  constructor(source: TileSource, tree: AuthenticatedTree) {
    this.#source = source;
    this.#tree = tree;
  }

  get size(): number {
    return this.#tree.size;
  }

  get root(): Uint8Array {
    return this.#tree.root;
  }

  consistencyProof(first: number): Promise<Uint8Array[]> {
    return this.#tree.consistencyProof(first);
  }

  subtree(level: number, index: number): Promise<Uint8Array> {
    return this.#tree.subtree(level, index);
  }

  rangeOf(size: number): Promise<CompactRange> {
    return this.#tree.rangeOf(size);
  }

  async *read(range: CompactRange, end: number, options: ReadOptions): AsyncGenerator<ReadBatch> {
    const processor = processorFor(options, end - range.size);
    for await (const { kept, leaves } of readEntries(this.#source, this.#tree, range, end, processor, options)) {
      const hashes = kept.length > 0 ? leaves() : [];
      yield { size: range.size, kept: kept.map(({ index, bytes }) => this.#keep(index, bytes, hashes)) };
    }
  }

  async entry(index: number): Promise<KeptEntry> {
    const bundle = Math.floor(index / TILE_WIDTH);
    const processed = await readBundle(
      this.#source,
      this.#tree,
      bundle,
      { skip: index % TILE_WIDTH, end: index + 1 },
      inlineProcessor(TAKE_ALL),
    );
    const bytes = processed.kept[0]?.bytes ?? new Uint8Array();
    return this.#keep(index, bytes, leavesOf(processed));
  }

  #keep(index: number, bytes: Uint8Array, leaves: readonly Uint8Array[]): KeptEntry {
    return {
      index,
      bytes,
      leafHash: leaves[index % TILE_WIDTH] ?? new Uint8Array(),
      proof: async () => ({ head: null, size: this.size, hashes: await this.#tree.inclusionProof(index, leaves) }),
    };
  }
}

function processorFor({ picker, pool }: ReadOptions, entries: number): BundleProcessor {
  const inline = inlineProcessor(picker);
  const isWorthIt = entries > POOL_FROM && !picker.takesAll;
  return (isWorthIt && pool?.processor(picker.rules, picker.awaited, inline)) || inline;
}
