import { setImmediate } from 'node:timers/promises';
import type { BundlePool } from '#lib/rekor/bundle-pool.ts';
import { LogDataError } from '#lib/rekor/log-data-error.ts';
import type { EntryPicker, LogReader } from '#lib/rekor/log-reader.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { placeUnder } from '#lib/services/log/entry-place.ts';
import type { EntrySink, PendingEntry } from '#lib/services/log/entry-sink.ts';
import { readLog } from '#lib/services/log/position.ts';
import { takeEntry } from '#lib/services/log/take-entry.ts';
import { verifiedHead } from '#lib/services/log/verified-head.ts';
import { equalBytes } from '#lib/tlog/hash.ts';
import { commitRange } from './commit-range.ts';
import type { LeasedRange } from './lease-range.ts';
import type { BackfillRow } from './open-backfill.ts';

export interface RangeTools {
  readonly reader: LogReader;
  readonly picker: Omit<EntryPicker, 'awaited'>;
  readonly sink: EntrySink;
  readonly pool?: BundlePool | undefined;
  readonly parallel: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads one leased range of the past, and stores what was found in it.
 *
 * Every entry is bound to a signed root as it is read. And the entries of the whole range, appended to what the verified
 * head proves to stand before it, must give what the head proves to stand behind it: none is left out, none put in.
 *
 * @returns how many entries were kept.
 * @throws {FetchError | LogDataError | RangeLostError} nothing is stored then.
 */
export async function runRange(
  ctx: ServiceContext,
  backfill: BackfillRow,
  range: LeasedRange,
  tools: RangeTools,
): Promise<number> {
  const began = performance.now();
  const log = readLog(ctx.database.db, backfill.logId);
  const head = verifiedHead(ctx, log);
  if (!head) throw new Error(`${log.origin} has no verified head to search back from`);
  const view = await tools.reader.open(head, tools.signal);
  const [compact, behind] = [await view.rangeOf(range.startIndex), await view.rangeOf(range.endIndex)];
  const place = placeUnder(log, head, ctx.now(), null);
  const entries: PendingEntry[] = [];
  const options = { ...tools, picker: { ...tools.picker, awaited: new Set<string>() } };
  for await (const batch of view.read(compact, range.endIndex, options)) {
    for (const entry of batch.kept) entries.push(await takeEntry(ctx, entry, place, tools.sink));
    if (batch.kept.length > 0) await setImmediate();
  }
  if (!equalBytes(compact.root(), behind.root())) {
    throw new LogDataError(
      'root-mismatch',
      `The entries from ${range.startIndex} to ${range.endIndex} are not those that the verified tree has there.`,
    );
  }
  const seconds = (performance.now() - began) / 1000;
  const count = range.endIndex - range.startIndex;
  const rate = seconds > 0.05 ? Math.round(count / seconds) : null;
  commitRange(ctx, { backfill, range, entries, rules: tools.picker.rules, rate, sink: tools.sink });
  return entries.length;
}
