import { setImmediate } from 'node:timers/promises';
import type { BundlePool } from '#lib/rekor/bundle-pool.ts';
import { judgeNotLarger, proveGrowth, type SignedCheckpoint } from '#lib/rekor/checkpoint.ts';
import { FetchError } from '#lib/rekor/fetch-error.ts';
import { LogDataError } from '#lib/rekor/log-data-error.ts';
import type { EntryPicker, LogReader, LogView } from '#lib/rekor/log-reader.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import type { CompactRange } from '#lib/tlog/compact-range.ts';
import { equalBytes } from '#lib/tlog/hash.ts';
import { awaitedLeaves } from './awaited-leaves.ts';
import { commitEntries, rewindToVerified } from './commit-entries.ts';
import { compareHeads } from './compare-heads.ts';
import { confirmBundles } from './confirm-bundles.ts';
import { type CheckpointPlace, placeUnder } from './entry-place.ts';
import type { EntrySink, PendingEntry } from './entry-sink.ts';
import { takeUpLog } from './first-contact.ts';
import { followHead } from './follow-head.ts';
import { noteFinalSize } from './note-final-size.ts';
import { knownHeads, type LogRow, type Position, readLog, readPosition, touchLog } from './position.ts';
import { recordFault, resolveFaults } from './record-fault.ts';
import { isVerified, storeCheckpoint } from './store-checkpoint.ts';
import { takeEntry } from './take-entry.ts';

export interface FollowOptions {
  readonly reader: LogReader;
  readonly picker: Omit<EntryPicker, 'awaited'>;
  /** What becomes of the entries that are picked. */
  readonly sink: EntrySink;
  /** Other threads for long catch-ups; without them everything runs on this one. */
  readonly pool?: BundlePool | undefined;
  /** Where a log is taken up that was never followed before: its end, or an index. */
  readonly start: 'end' | number;
  readonly parallel: number;
  readonly signal?: AbortSignal | undefined;
}

export interface FollowResult {
  readonly outcome: 'grown' | 'unchanged' | 'failed' | 'stopped';
  readonly entries: number;
  readonly events: number;
  /** Milliseconds that the log asked us to stay away for. */
  readonly retryAfter?: number;
}

/** Entries a transaction: one flush to disk for all of them. */
const ENTRIES_PER_COMMIT = 8192;

/**
 * One round on one log: take its checkpoint, prove that it continues what we hold, read what is new, commit.
 *
 *   checkpoint → signature → growth proved → entries bound, scanned, judged → committed with the cursor
 *
 * Of a log whose entries are found by an index only the heads are followed: the cursors go on by the proof alone, and
 * nothing becomes covered.
 *
 * Never throws for what a log does: that becomes a fault, what is verified stays, and the next round tries again.
 */
export async function followLog(ctx: ServiceContext, logId: number, options: FollowOptions): Promise<FollowResult> {
  const row = readLog(ctx.database.db, logId);
  const idle = { entries: 0, events: 0 };
  if (row.state !== 'following') return { outcome: 'unchanged', ...idle };
  let checkpoint: SignedCheckpoint | undefined;
  try {
    touchLog(ctx, logId, { lastAttemptAt: ctx.now() });
    checkpoint = await options.reader.head(options.signal);
    const seenAt = ctx.now();
    const result = await takeUp(ctx, row, checkpoint, seenAt, options);
    await compareHeads(ctx, logId, options);
    await confirmBundles(ctx, logId, seenAt, options);
    touchLog(ctx, logId, { lastSuccessAt: seenAt });
    resolveFaults(ctx, row);
    return result;
  } catch (error) {
    if (options.signal?.aborted) return { outcome: 'stopped', ...idle };
    recordFault(ctx, row, error);
    if (checkpoint && error instanceof LogDataError && error.isMisbehaviour) {
      storeCheckpoint(ctx, logId, checkpoint, { seenAt: ctx.now(), state: 'inconsistent' });
      rewindToVerified(ctx, logId, options.sink);
    }
    const retryAfter = error instanceof FetchError ? error.retryAfter : null;
    return { outcome: 'failed', ...idle, ...(retryAfter === null ? {} : { retryAfter }) };
  }
}

async function takeUp(
  ctx: ServiceContext,
  known: LogRow,
  checkpoint: SignedCheckpoint,
  seenAt: number,
  options: FollowOptions,
): Promise<FollowResult> {
  const { db } = ctx.database;
  const row = known.startIndex === null ? await takeUpLog(ctx, known, checkpoint, options) : known;
  const position = readPosition(row);
  const heads = knownHeads(db, row, position);
  for (const head of heads) {
    if (checkpoint.size <= head.size) await judgeNotLarger(options.reader, checkpoint, head);
  }
  noteFinalSize(ctx, row, checkpoint);
  if (checkpoint.size === position.verified.size) {
    if (!isVerified(ctx, row.id, checkpoint)) keepSignedHead(ctx, row, position, checkpoint, seenAt);
    return { outcome: 'unchanged', entries: 0, events: 0 };
  }
  const view = await options.reader.open(checkpoint, options.signal);
  const proof = await proveGrowth(view, checkpoint, heads[0]);
  for (const head of heads.slice(1)) await proveGrowth(view, checkpoint, head);
  const previous = { size: position.verified.size, proof };
  const checkpointId = storeCheckpoint(ctx, row.id, checkpoint, { seenAt, previous });
  touchLog(ctx, row.id, { observedSize: Math.max(row.observedSize, checkpoint.size) });
  if (row.reading === 'index') {
    await followHead(ctx, row, view, checkpointId);
    return { outcome: 'grown', entries: 0, events: 0 };
  }
  const place = placeUnder(row, { ...checkpoint, id: checkpointId }, seenAt, previous);
  return readInto(ctx, view, checkpoint, position.downloaded, place, options);
}

/** The signed head of a size that is verified already: a log first met at its end, or the same tree signed anew. */
function keepSignedHead(
  ctx: ServiceContext,
  row: LogRow,
  { downloaded }: Position,
  checkpoint: SignedCheckpoint,
  seenAt: number,
): void {
  const checkpointId = storeCheckpoint(ctx, row.id, checkpoint, {
    seenAt,
    previous: { size: checkpoint.size, proof: [] },
  });
  commitEntries(ctx, {
    logId: row.id,
    from: downloaded.size,
    range: downloaded,
    entries: [],
    rate: row.rate,
    settle: () => {},
    verified: { checkpointId },
  });
}

async function readInto(
  ctx: ServiceContext,
  view: LogView,
  checkpoint: SignedCheckpoint,
  range: CompactRange,
  place: CheckpointPlace,
  options: FollowOptions,
): Promise<FollowResult> {
  const began = performance.now();
  const first = range.size;
  const picker = { ...options.picker, awaited: awaitedLeaves(ctx, place.logId) };
  let from = range.size;
  let pending: PendingEntry[] = [];
  let found = 0;
  const commit = (verified: { checkpointId: number } | null) => {
    const seconds = (performance.now() - began) / 1000;
    const rate = seconds > 0.5 ? Math.round((range.size - first) / seconds) : null;
    const { settle } = options.sink;
    commitEntries(ctx, { logId: place.logId, from, range, entries: pending, rate, settle, verified });
    from = range.size;
    pending = [];
  };
  for await (const batch of view.read(range, checkpoint.size, { ...options, picker })) {
    for (const entry of batch.kept) {
      pending.push(await takeEntry(ctx, entry, place, options.sink));
      found++;
    }
    // Judging takes milliseconds: timers and other logs get their turn after each batch that kept something.
    if (batch.kept.length > 0) await setImmediate();
    if (range.size - from >= ENTRIES_PER_COMMIT && range.size < checkpoint.size) commit(null);
  }
  if (!equalBytes(range.root(), checkpoint.root)) {
    throw new LogDataError(
      'inconsistent',
      `The entries up to ${range.size} give another root than the one signed, though each was bound to it: the state held and the log contradict each other.`,
      { received: checkpoint.note, recomputed: Buffer.from(range.root()).toString('base64') },
    );
  }
  commit({ checkpointId: place.checkpointId });
  ctx.log.info(
    { origin: place.origin, size: range.size, entries: range.size - first, events: found },
    'checkpoint verified',
  );
  return { outcome: 'grown', entries: range.size - first, events: found };
}
