import type { SignedCheckpoint } from '#lib/rekor/checkpoint.ts';
import { LogDataError } from '#lib/rekor/log-data-error.ts';
import type { CompactRange } from '#lib/tlog/compact-range.ts';
import { equalBytes } from '#lib/tlog/hash.ts';
import { BoundedMap } from './bounded-map.ts';

/** A growing log signs another size for each entry read. */
const MOST_HEADS = 8192;

/**
 * The heads under which entries came, until the entries themselves say what each must be: whoever reads further passes
 * every size, and knows its root.
 */
export class SeenHeads {
  readonly #bySize = new BoundedMap<number, SignedCheckpoint>(MOST_HEADS);

  /** @throws {LogDataError} `inconsistent` where another root was signed for the same size. */
  add(head: SignedCheckpoint): void {
    const known = this.#bySize.get(head.size);
    if (!known) this.#bySize.set(head.size, head);
    else if (!equalBytes(known.root, head.root)) throw twoTrees(head.size, known.note, head.note);
  }

  /**
   * Compares what was signed for the size of `range` with the root that the entries give.
   *
   * @param view the head that the entries are read under.
   * @throws {LogDataError} `inconsistent`
   */
  compare(
    range: CompactRange,
    view: { readonly size: number; readonly root: Uint8Array; readonly note: string },
  ): void {
    const { size } = range;
    const signed = this.#bySize.get(size);
    if (!signed) return;
    this.#bySize.delete(size);
    const root = range.root();
    if (equalBytes(root, signed.root)) return;
    throw new LogDataError(
      'inconsistent',
      `The log signed size ${size} with another root than its first ${size} entries give, each of which it proved to us: it shows different trees to different readers.`,
      {
        held: view.note,
        received: signed.note,
        recomputed: Buffer.from(root).toString('base64'),
        range: range.hashes.map((hash) => Buffer.from(hash).toString('base64')).join('\n'),
      },
    );
  }
}

function twoTrees(size: number, held: string, received: string): LogDataError {
  return new LogDataError(
    'inconsistent',
    `The log signed two different roots for size ${size}: it shows different trees to different readers.`,
    { held, received },
  );
}
