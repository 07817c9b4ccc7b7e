import type { CompactRange } from '#lib/tlog/compact-range.ts';
import { HASH_BYTES } from '#lib/tlog/hash.ts';
import { parseTile, TILE_HEIGHT, TILE_WIDTH, tileWidth } from '#lib/tlog/tile.ts';
import type { AuthenticatedTree } from './authenticated-tree.ts';
import type { BundleProcessor, ProcessedBundle } from './process-bundle.ts';
import type { TileSource } from './tile-client.ts';

/** A bundle of bound entries, in its place. */
export interface ReadBundle {
  /** Index of the first entry that was not read before. */
  readonly start: number;
  /** Leaf hashes of the whole bundle, as inclusion proofs need them. Made when asked for: most bundles hold nothing to prove. */
  readonly leaves: () => readonly Uint8Array[];
  /** Entries to be looked at further. */
  readonly kept: ProcessedBundle['kept'];
}

/**
 * Bundles begun, as a multiple of those fetched at once: enough for the other threads while this one writes a commit. The
 * reader's connections bound the requests under way.
 */
const AHEAD = 2;

/** Bundles are of any size up to 16 MiB: no more are begun than would take this many bytes, going by the largest so far. */
const MOST_BYTES_AHEAD = 64 * 2 ** 20;
/** Begun before the size of any is known: as many of the largest as there is room for. */
const FIRST_AHEAD = 4;

/**
 * Reads the entries from `range.size` to `end` in order, and extends `range` by them.
 *
 *   fetch and process, bundles ahead: split → hash → bind to the tree → pick ─► in order: append → yield
 *
 * Binding and range are two guards that share no hash: the tree's come from tiles, the range's from entries alone. The
 * caller compares `range.root()` with the checkpoint's at the end.
 *
 * @throws {LogDataError} at the first bundle that is malformed or not under the root; what was yielded before stands.
 */
export async function* readEntries(
  source: TileSource,
  tree: AuthenticatedTree,
  range: CompactRange,
  end: number,
  processor: BundleProcessor,
  options: { readonly parallel: number; readonly signal?: AbortSignal | undefined },
): AsyncGenerator<ReadBundle> {
  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  const lastBundle = Math.ceil(end / TILE_WIDTH);
  const ahead: Promise<ProcessedBundle>[] = [];
  let largest = 0;
  const room = () => (largest === 0 ? FIRST_AHEAD : Math.max(1, Math.floor(MOST_BYTES_AHEAD / largest)));
  const measured: BundleProcessor = {
    process(task) {
      largest = Math.max(largest, task.bytes.length);
      return processor.process(task);
    },
  };
  let next = Math.floor(range.size / TILE_WIDTH);
  const first = range.size;
  const begin = (bundle: number) => {
    const skip = Math.max(0, first - bundle * TILE_WIDTH);
    const processed = readBundle(source, tree, bundle, { skip, end }, measured, signal);
    // Awaited in order below; until then a failure must not count as unhandled.
    processed.catch(() => {});
    ahead.push(processed);
  };
  try {
    for (let bundle = next; bundle < lastBundle; bundle++) {
      while (ahead.length < Math.min(options.parallel * AHEAD, room()) && next < lastBundle) begin(next++);
      const processed = await ahead.shift();
      if (!processed) throw new Error('no bundle was asked for');
      yield append(processed, bundle, range, end);
    }
  } finally {
    stop.abort();
  }
}

/**
 * Fetches one bundle of `tree` and processes its entries, but for the first `skip` and those at or beyond index `end`.
 *
 * @throws {LogDataError} where it is malformed or not under the root.
 */
export async function readBundle(
  source: TileSource,
  tree: AuthenticatedTree,
  bundle: number,
  { skip, end }: { readonly skip: number; readonly end: number },
  processor: BundleProcessor,
  signal?: AbortSignal,
): Promise<ProcessedBundle> {
  const width = tileWidth(0, bundle, tree.size);
  // What the signed tree says of a bundle is known before any byte of it is looked at.
  const [bytes, expected] = await Promise.all([source.entryBundle(bundle, width, signal), tree.bundleHashes(bundle)]);
  const take = Math.min(width, end - bundle * TILE_WIDTH);
  const processed = await processor.process({ bundle, width, skip, take, treeSize: tree.size, bytes, expected });
  source.release?.(processed.bytes);
  return processed;
}

/** Leaf hashes of a processed bundle, one by one. */
export function leavesOf({ leafHashes }: ProcessedBundle): Uint8Array[] {
  return parseTile(leafHashes, leafHashes.length / HASH_BYTES);
}

function append(processed: ProcessedBundle, bundle: number, range: CompactRange, end: number): ReadBundle {
  const leaves = () => leavesOf(processed);
  const start = range.size;
  const [from, to] = [start - bundle * TILE_WIDTH, Math.min(end - bundle * TILE_WIDTH, TILE_WIDTH)];
  if (to - from === TILE_WIDTH && processed.root) range.appendSubtree(TILE_HEIGHT, processed.root);
  else for (const leaf of leaves().slice(from, to)) range.append(leaf);
  return { start, leaves, kept: processed.kept };
}
