import { setImmediate } from 'node:timers/promises';
import type { BundlePool } from '#lib/rekor/bundle-pool.ts';
import { LogDataError } from '#lib/rekor/log-data-error.ts';
import type { EntryPicker, KeptEntry, LogReader, LogView } from '#lib/rekor/log-reader.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { placeUnder } from '#lib/services/log/entry-place.ts';
import type { EntrySink, PendingEntry } from '#lib/services/log/entry-sink.ts';
import { readLog } from '#lib/services/log/position.ts';
import { takeEntry } from '#lib/services/log/take-entry.ts';
import { verifiedHead } from '#lib/services/log/verified-head.ts';
import type { CompactRange } from '#lib/tlog/compact-range.ts';
import { equalBytes } from '#lib/tlog/hash.ts';
import { commitRange } from './commit-range.ts';
import type { LeasedRange } from './lease-range.ts';
import type { BackfillRow } from './open-backfill.ts';

export interface RangeTools {
  readonly reader: LogReader;
  /** The log itself, where `reader` is a mirror that lacks what the log says beside an entry. */
  readonly original?: LogReader | undefined;
  /** Size of the verified head to read under, where it is not the newest: that of a mirror. */
  readonly headSize?: number | undefined;
  readonly picker: Omit<EntryPicker, 'awaited'>;
  readonly sink: EntrySink;
  readonly pool?: BundlePool | undefined;
  readonly parallel: number;
  readonly signal?: AbortSignal | undefined;
}

/** Events a transaction: more would hold up the tails, which write to the same database. */
const EVENTS_PER_COMMIT = 500;
/** Entries a transaction: so much is read again after an end, which a slow log makes minutes. */
const ENTRIES_PER_COMMIT = 2048;

/**
 * Reads one leased range of the past, and stores what was found in it, in parts where it is much.
 *
 * Every entry is bound to a signed root as it is read. And the entries of each part, appended to what the verified head
 * proves to stand before it, must give what the head proves to stand behind it: none is left out, none put in.
 *
 * @returns how many entries were kept.
 * @throws {FetchError | LogDataError | RangeLostError} what was stored before stands, and the rest is still to be read.
 */
export async function runRange(
  ctx: ServiceContext,
  backfill: BackfillRow,
  range: LeasedRange,
  tools: RangeTools,
): Promise<number> {
  const { signal, sink } = tools;
  const { rules } = tools.picker;
  const log = readLog(ctx.database.db, backfill.logId);
  const head = verifiedHead(ctx, log, tools.headSize);
  if (!head) throw new Error(`${log.origin} has no verified head to search back from`);
  const view = await tools.reader.open(head, signal);
  const compact = await view.rangeOf(range.startIndex);
  const place = placeUnder(log, head, ctx.now(), null);
  let part = range;
  let entries: PendingEntry[] = [];
  let kept = 0;
  let began = performance.now();
  const commit = async (upTo: number) => {
    await requireRange(view, compact);
    const seconds = (performance.now() - began) / 1000;
    const rate = seconds > 0.05 ? Math.round((upTo - part.startIndex) / seconds) : null;
    commitRange(ctx, { backfill, range: part, upTo, entries, rules, rate, sink });
    kept += entries.length;
    part = { ...part, startIndex: upTo };
    entries = [];
    began = performance.now();
  };
  let originalView: Promise<LogView> | null = null;
  const askOriginal = async (entry: KeptEntry): Promise<KeptEntry> => {
    if (!tools.original) return entry;
    originalView ??= tools.original.open(head, signal);
    const asked = await (await originalView).entry(entry.index);
    if (equalBytes(asked.leafHash, entry.leafHash)) return asked;
    throw new LogDataError('entry-mismatch', `The log gives another entry ${entry.index} than its mirror has.`);
  };
  const options = { ...tools, picker: { ...tools.picker, awaited: new Set<string>() } };
  for await (const batch of view.read(compact, range.endIndex, options)) {
    for (const entry of batch.kept) {
      signal?.throwIfAborted();
      entries.push(await takeEntry(ctx, await askOriginal(entry), place, sink));
    }
    if (batch.kept.length > 0) await setImmediate();
    const isMuch = entries.length >= EVENTS_PER_COMMIT || batch.size - part.startIndex >= ENTRIES_PER_COMMIT;
    if (isMuch && batch.size < range.endIndex) await commit(batch.size);
  }
  await commit(range.endIndex);
  return kept;
}

/** The second guard: what was appended entry by entry is what the verified tree has up to there. */
async function requireRange(view: LogView, compact: CompactRange): Promise<void> {
  const expected = await view.rangeOf(compact.size);
  if (equalBytes(compact.root(), expected.root())) return;
  throw new LogDataError(
    'root-mismatch',
    `The entries read up to ${compact.size} are not those that the verified tree has there.`,
  );
}
