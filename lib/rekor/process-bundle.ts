import { firstEntries, hashBundleInPlace, parseEntryBundle } from '#lib/tlog/entry-bundle.ts';
import { equalBytes } from '#lib/tlog/hash.ts';
import { toHex } from '#lib/tlog/hex.ts';
import { subtreeRoot, TILE_WIDTH } from '#lib/tlog/tile.ts';
import { LogDataError } from './log-data-error.ts';
import type { EntryPicker } from './log-reader.ts';
import { nodeSha256 } from './node-sha256.ts';

/** One fetched entry bundle, with what the signed tree says of it. Plain data: it crosses to a worker thread. */
export interface BundleTask {
  /** Index of the bundle; its first entry is 256 times that. */
  readonly bundle: number;
  readonly width: number;
  /** Entries at its start that were read before. */
  readonly skip: number;
  /** Entries of it up to here are wanted; its width where all are. */
  readonly take: number;
  readonly treeSize: number;
  readonly bytes: Uint8Array;
  /** Bound hashes: the root of a full bundle's subtree, or the leaf hashes of the partial one, one after another. */
  readonly expected: Uint8Array;
}

/** A bundle whose every entry is bound to the signed root. */
export interface ProcessedBundle {
  /** Those of the task, in the memory where they are now: another thread has it meanwhile. Nothing else refers to it. */
  readonly bytes: Uint8Array;
  /** Leaf hashes of the whole bundle, one after another. */
  readonly leafHashes: Uint8Array;
  /** Root of a full bundle's subtree, computed from its entries; null for a partial one. */
  readonly root: Uint8Array | null;
  /** Entries to be looked at further. */
  readonly kept: readonly { readonly index: number; readonly bytes: Uint8Array }[];
}

/** Does the work that is the same for every entry of a log: split, hash, bind, and then pick. */
export interface BundleProcessor {
  /** @throws {LogDataError} where the bundle is malformed, or not under the signed root: nothing of it is interpreted. */
  process(task: BundleTask): Promise<ProcessedBundle>;
}

/** Whether a bound entry is to be looked at further. */
export type Pick = (bytes: Uint8Array, leafHash: Uint8Array) => boolean;

export function pickedBy({ format, matcher, awaited, takesAll }: Omit<EntryPicker, 'rules'>): Pick {
  if (takesAll) return () => true;
  const isAwaited = awaited.size === 0 ? () => false : (leaf: Uint8Array) => awaited.has(toHex(leaf));
  return (bytes, leafHash) => format.isOfInterest(bytes, matcher) || isAwaited(leafHash);
}

/** Processes bundles on the calling thread. */
export function inlineProcessor(picker: Omit<EntryPicker, 'rules'>): BundleProcessor {
  const pick = pickedBy(picker);
  return { process: async (task) => processBundle(task, pick) };
}

export function processBundle(task: BundleTask, pick: Pick): ProcessedBundle {
  // As a Buffer, of which the entries' views are Buffers too: decoding them then needs no further wrapping.
  const buffer = Buffer.from(task.bytes.buffer, task.bytes.byteOffset, task.bytes.byteLength);
  const entries = splitBundle(buffer, task);
  const leaves = hashBundleInPlace(buffer, entries, nodeSha256);
  const leafHashes = Buffer.concat(leaves);
  const root = task.width === TILE_WIDTH ? subtreeRoot(leaves, nodeSha256) : null;
  const start = task.bundle * TILE_WIDTH;
  if (!equalBytes(root ?? leafHashes, task.expected)) {
    throw new LogDataError(
      'entry-mismatch',
      `Entries ${start} to ${start + task.width - 1} are not the ones under the root that the log signed for size ${task.treeSize}.`,
    );
  }
  const kept = entries.flatMap((bytes, i) => {
    const leafHash = leaves[i];
    if (i < task.skip || i >= task.take || !leafHash || !pick(bytes, leafHash)) return [];
    // A copy: the view would hold, or take to another thread, the whole bundle.
    return [{ index: start + i, bytes: new Uint8Array(bytes) }];
  });
  return { bytes: task.bytes, leafHashes, root, kept };
}

function splitBundle(bytes: Uint8Array, { bundle, width }: BundleTask): Uint8Array[] {
  try {
    return parseEntryBundle(firstEntries(bytes, width), width);
  } catch (error) {
    throw new LogDataError('malformed-bundle', `Entry bundle ${bundle}: ${(error as Error).message}.`);
  }
}
