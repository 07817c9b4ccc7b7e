import type { CompactRange } from '#lib/tlog/compact-range.ts';
import { hashEntryBundle, parseEntryBundle } from '#lib/tlog/entry-bundle.ts';
import { equalBytes, type Sha256 } from '#lib/tlog/hash.ts';
import { subtreeRoot, TILE_HEIGHT, TILE_WIDTH, tileWidth } from '#lib/tlog/tile.ts';
import type { AuthenticatedTree } from './authenticated-tree.ts';
import { LogDataError } from './log-data-error.ts';
import type { TileSource } from './tile-client.ts';

/** Entries of one bundle, each bound to the checkpoint's root. Only now may their bytes be interpreted. */
export interface BoundEntries {
  /** Index of the first entry of `entries`. */
  readonly start: number;
  readonly entries: readonly Uint8Array[];
  readonly leafHashes: readonly Uint8Array[];
  /** Leaf hashes of the whole bundle, as inclusion proofs need them. */
  readonly bundleLeaves: readonly Uint8Array[];
}

/**
 * Reads the entries from `range.size` to the end of `tree` in order, and extends `range` by them.
 *
 *   fetch (`parallel` bundles ahead) → split → hash → bind to the tree → append to the range → yield
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
  options: { readonly parallel: number; readonly sha256: Sha256; readonly signal?: AbortSignal },
): AsyncGenerator<BoundEntries> {
  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  const end = Math.ceil(tree.size / TILE_WIDTH);
  const ahead: Promise<Uint8Array>[] = [];
  let next = Math.floor(range.size / TILE_WIDTH);
  const fetchNext = () => {
    if (next >= end) return;
    const bundle = source.entryBundle(next, tileWidth(0, next, tree.size), signal);
    // Awaited in order below; until then a failure must not count as unhandled.
    bundle.catch(() => {});
    ahead.push(bundle);
    next++;
  };
  try {
    for (let bundle = next; bundle < end; bundle++) {
      while (ahead.length < options.parallel && next < end) fetchNext();
      const bytes = await ahead.shift();
      if (!bytes) throw new Error('no bundle was asked for');
      yield await bindBundle(bytes, bundle, tree, range, options.sha256);
    }
  } finally {
    stop.abort();
  }
}

async function bindBundle(
  bytes: Uint8Array,
  bundle: number,
  tree: AuthenticatedTree,
  range: CompactRange,
  sha256: Sha256,
): Promise<BoundEntries> {
  const width = tileWidth(0, bundle, tree.size);
  const entries = splitBundle(bytes, bundle, width);
  const leaves = hashEntryBundle(entries, sha256);
  const start = bundle * TILE_WIDTH;
  const skip = range.size - start;
  if (width === TILE_WIDTH) {
    const root = subtreeRoot(leaves, sha256);
    if (!equalBytes(root, await tree.subtree(TILE_HEIGHT, bundle))) throw notUnderRoot(start, start + width, tree.size);
    if (skip === 0) range.appendSubtree(TILE_HEIGHT, root);
    else for (const leaf of leaves.slice(skip)) range.append(leaf);
  } else {
    if (leaves.some((leaf, i) => !equalBytes(leaf, tree.edgeLeaves[i] ?? new Uint8Array()))) {
      throw notUnderRoot(start, start + width, tree.size);
    }
    for (const leaf of leaves.slice(skip)) range.append(leaf);
  }
  return { start: start + skip, entries: entries.slice(skip), leafHashes: leaves.slice(skip), bundleLeaves: leaves };
}

/** A source may answer with a fuller bundle than asked for; the entries beyond `width` belong to later checkpoints. */
function splitBundle(bytes: Uint8Array, bundle: number, width: number): Uint8Array[] {
  try {
    return parseEntryBundle(firstEntries(bytes, width), width);
  } catch (error) {
    throw new LogDataError('malformed-bundle', `Entry bundle ${bundle}: ${(error as Error).message}.`);
  }
}

function firstEntries(bytes: Uint8Array, width: number): Uint8Array {
  let at = 0;
  for (let i = 0; i < width && at + 2 <= bytes.length; i++) at += 2 + (((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0));
  return width === TILE_WIDTH || at > bytes.length ? bytes : bytes.subarray(0, at);
}

function notUnderRoot(start: number, end: number, size: number): LogDataError {
  return new LogDataError(
    'entry-mismatch',
    `Entries ${start} to ${end - 1} are not the ones under the root that the log signed for size ${size}.`,
  );
}
