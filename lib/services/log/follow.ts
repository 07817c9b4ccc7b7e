import { setImmediate } from 'node:timers/promises';
import type { BundlePool } from '#lib/rekor/bundle-pool.ts';
import { judgeNotLarger, type KnownHead, proveGrowth, type SignedCheckpoint } from '#lib/rekor/checkpoint.ts';
import { FetchError } from '#lib/rekor/fetch-error.ts';
import { LogDataError } from '#lib/rekor/log-data-error.ts';
import type { EntryPicker, LogReader, LogView } from '#lib/rekor/log-reader.ts';
import { judgeWitnesses } from '#lib/rekor/witness-state.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import type { CompactRange } from '#lib/tlog/compact-range.ts';
import { equalBytes } from '#lib/tlog/hash.ts';
import type { LogPolicy } from '#lib/tlog/policy.ts';
import { withEvidenceFile } from './accuse.ts';
import { awaitedLeaves } from './awaited-leaves.ts';
import { commitEntries, rewindToVerified } from './commit-entries.ts';
import { compareHeads } from './compare-heads.ts';
import { confirmBundles } from './confirm-bundles.ts';
import { type CheckpointPlace, placeUnder } from './entry-place.ts';
import type { EntrySink, PendingEntry } from './entry-sink.ts';
import { takeUpLog } from './first-contact.ts';
import { followHead } from './follow-head.ts';
import { holdsHead, isKept } from './held-head.ts';
import { noteFinalSize } from './note-final-size.ts';
import { heldHeads, type LogRow, type Position, readLog, readPosition, touchLog, unreadHead } from './position.ts';
import { recordFault, resolveFaults } from './record-fault.ts';
import { requireKeyInForce } from './require-key-in-force.ts';
import { storeCheckpoint } from './store-checkpoint.ts';
import { takeEntry } from './take-entry.ts';
import { requireNothingWithheld } from './withheld-head.ts';

export interface FollowOptions {
  readonly reader: LogReader;
  readonly picker: Omit<EntryPicker, 'awaited'>;
  /** What becomes of the entries that are picked. */
  readonly sink: EntrySink;
  /** Whose cosignatures count; none is asked for without it. */
  readonly policy?: LogPolicy | undefined;
  /** Where its tree may be read when the log itself no longer shows it: a mirror. */
  readonly fallback?: LogReader | undefined;
  /** Other threads for long catch-ups; without them everything runs on this one. */
  readonly pool?: BundlePool | undefined;
  /** Where a log is taken up that was never followed before: its end, or an index. */
  readonly start: 'end' | number;
  /** When the log's key ends by the trust root, in milliseconds since the epoch. */
  readonly keyValidUntil?: number | null | undefined;
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
/** Events a transaction: other logs, and the pages, wait for the database as long as one takes. */
const EVENTS_PER_COMMIT = 500;

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
  if (row.state !== 'following') {
    // Where the process ended after the log was frozen and before it was rewound.
    if (row.state === 'frozen' && row.downloadedSize > row.verifiedSize) rewindToVerified(ctx, logId, options.sink);
    return { outcome: 'unchanged', ...idle };
  }
  let checkpoint: SignedCheckpoint | undefined;
  try {
    touchLog(ctx, logId, { lastAttemptAt: ctx.now() });
    checkpoint = witnessed(ctx, await options.reader.head(options.signal), options);
    const seenAt = ctx.now();
    // Before anything is asked about its tree: a log is held to what it signed, whether or not it shows that.
    if (!isKept(ctx, logId, checkpoint)) storeCheckpoint(ctx.database.db, logId, checkpoint, { seenAt });
    const result = await takeUp(ctx, row, checkpoint, seenAt, options);
    await compareHeads(ctx, logId, options);
    await confirmBundles(ctx, logId, seenAt, options);
    requireNothingWithheld(ctx, readLog(ctx.database.db, logId));
    touchLog(ctx, logId, { lastSuccessAt: seenAt });
    resolveFaults(ctx, row);
    return result;
  } catch (error) {
    if (options.signal?.aborted) return { outcome: 'stopped', ...idle };
    const isMisbehaviour = error instanceof LogDataError && error.isMisbehaviour;
    const { signer } = options.reader;
    const readers = [options.reader, ...(options.fallback ? [options.fallback] : [])];
    recordFault(ctx, row, isMisbehaviour && signer ? await withEvidenceFile(ctx, error, signer, readers) : error);
    if (checkpoint && isMisbehaviour) {
      storeCheckpoint(ctx.database.db, logId, checkpoint, { seenAt: ctx.now(), state: 'inconsistent' });
      rewindToVerified(ctx, logId, options.sink);
    }
    const retryAfter = error instanceof FetchError ? error.retryAfter : null;
    return { outcome: 'failed', ...idle, ...(retryAfter === null ? {} : { retryAfter }) };
  }
}

/** With what the witnesses say. One whose line is bad says nothing, and does not hide what the log itself signed. */
function witnessed(
  ctx: ServiceContext,
  head: SignedCheckpoint,
  { reader, policy }: Pick<FollowOptions, 'reader' | 'policy'>,
): SignedCheckpoint {
  if (!policy || !reader.signer) return head;
  try {
    return { ...head, witnesses: judgeWitnesses(new TextEncoder().encode(head.note), reader.signer, policy) };
  } catch (error) {
    ctx.log.warn({ origin: reader.signer.origin, err: error }, 'the cosignatures of a checkpoint are refused');
    return head;
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
  const held = heldHeads(db, row, position);
  for (const head of held) {
    if (checkpoint.size <= head.size) await judgeNotLarger(options.reader, checkpoint, head);
  }
  const unread = unreadHead(db, row, position, checkpoint.note);
  if (checkpoint.size === unread?.size) await judgeNotLarger(options.reader, checkpoint, unread);
  noteFinalSize(ctx, row, checkpoint);
  requireKeyInForce(known, checkpoint, seenAt, options.keyValidUntil);
  const continued: typeof held = unread && unread.size <= checkpoint.size ? [...held, unread] : held;
  const result = await readUpTo(ctx, row, position, continued, checkpoint, seenAt, options);
  // It has signed more than it shows now. What it shows continues what we hold and was read all the same.
  if (unread && checkpoint.size < unread.size) await judgeNotLarger(options.reader, checkpoint, unread);
  return result;
}

async function readUpTo(
  ctx: ServiceContext,
  row: LogRow,
  position: Position,
  [head, ...others]: [KnownHead, ...KnownHead[]],
  checkpoint: SignedCheckpoint,
  seenAt: number,
  options: FollowOptions,
): Promise<FollowResult> {
  if (checkpoint.size === position.verified.size) {
    if (!holdsHead(ctx, row.id, checkpoint)) keepSignedHead(ctx, row, position, checkpoint, seenAt);
    return { outcome: 'unchanged', entries: 0, events: 0 };
  }
  const view = await options.reader.open(checkpoint, options.signal);
  const proof = await proveGrowth(view, checkpoint, head);
  for (const other of others) await proveGrowth(view, checkpoint, other);
  const previous = { size: position.verified.size, proof };
  const checkpointId = storeCheckpoint(ctx.database.db, row.id, checkpoint, { seenAt, previous });
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
  const checkpointId = storeCheckpoint(ctx.database.db, row.id, checkpoint, {
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
      options.signal?.throwIfAborted();
      pending.push(await takeEntry(ctx, entry, place, options.sink));
      found++;
    }
    // Judging takes milliseconds: timers and other logs get their turn after each batch that kept something.
    if (batch.kept.length > 0) await setImmediate();
    const isMuch = range.size - from >= ENTRIES_PER_COMMIT || pending.length >= EVENTS_PER_COMMIT;
    if (isMuch && range.size < checkpoint.size) commit(null);
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
