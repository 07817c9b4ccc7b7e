import { setImmediate } from 'node:timers/promises';
import { NO_POLICIES, type SignerPolicies } from '#lib/provenance/expected-signer.ts';
import { AuthenticatedTree } from '#lib/rekor/authenticated-tree.ts';
import type { BundlePool } from '#lib/rekor/bundle-pool.ts';
import { judgeNotLarger, proveGrowth, readCheckpoint, type SignedCheckpoint } from '#lib/rekor/checkpoint.ts';
import { FetchError } from '#lib/rekor/fetch-error.ts';
import { LogDataError } from '#lib/rekor/log-data-error.ts';
import { awaitedBy, inlineProcessor } from '#lib/rekor/process-bundle.ts';
import { readEntries } from '#lib/rekor/read-entries.ts';
import { type Candidate, examineEntry } from '#lib/rekor/scan.ts';
import type { TileSource } from '#lib/rekor/tile-client.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { buildEvent, type CertificateJudge, type EntryPlace } from '#lib/services/event/build.ts';
import type { NewEvent } from '#lib/services/event/record.ts';
import type { CompactRange } from '#lib/tlog/compact-range.ts';
import { equalBytes } from '#lib/tlog/hash.ts';
import type { NoteVerifier } from '#lib/tlog/note.ts';
import { TILE_WIDTH } from '#lib/tlog/tile.ts';
import type { Matcher } from '#lib/watch/match.ts';
import type { WatchRule } from '#lib/watch/rule.ts';
import { awaitedLeaves } from './awaited-leaves.ts';
import { commitEntries, rewindToVerified } from './commit-entries.ts';
import { confirmBundles } from './confirm-bundles.ts';
import { type CheckpointPlace, placeUnder } from './entry-place.ts';
import { takeUpLog } from './first-contact.ts';
import { knownHeads, type LogRow, type Position, readLog, readPosition, touchLog } from './position.ts';
import { recordFault, resolveFaults } from './record-fault.ts';
import { isVerified, storeCheckpoint } from './store-checkpoint.ts';

export interface FollowOptions {
  readonly source: TileSource;
  readonly verifiers: readonly NoteVerifier[];
  readonly rules: readonly WatchRule[];
  /** Of `rules`. */
  readonly matcher: Matcher;
  /** Other threads for long catch-ups; without them everything runs on this one. */
  readonly pool?: BundlePool;
  readonly judge: CertificateJudge;
  /** Who is expected to sign: an entry read makes statements count whose bundle came before. */
  readonly policies: SignerPolicies;
  /** Where a log is taken up that was never followed before: its end, or an index. */
  readonly start: 'end' | number;
  readonly parallel: number;
  readonly signal?: AbortSignal;
}

export interface FollowResult {
  readonly outcome: 'grown' | 'unchanged' | 'failed' | 'stopped';
  readonly entries: number;
  readonly events: number;
  /** Milliseconds that the log asked us to stay away for. */
  readonly retryAfter?: number;
}

/** So many entries are worth handing to other threads. */
const POOL_FROM = 16 * TILE_WIDTH;

/** A transaction takes this many bundles: one flush to disk for 8,192 entries. */
const BUNDLES_PER_COMMIT = 32;

/**
 * One round on one log: take its checkpoint, prove that it continues what we hold, read what is new, commit.
 *
 *   checkpoint → signature → growth proved → entries bound, scanned, judged → committed with the cursor
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
    checkpoint = readCheckpoint(await options.source.checkpoint(options.signal), {
      origin: row.origin,
      verifiers: options.verifiers,
    });
    const seenAt = ctx.now();
    const result = await takeUp(ctx, row, checkpoint, seenAt, options);
    await confirmBundles(ctx, logId, seenAt, options);
    touchLog(ctx, logId, { lastSuccessAt: seenAt });
    resolveFaults(ctx, row);
    return result;
  } catch (error) {
    if (options.signal?.aborted) return { outcome: 'stopped', ...idle };
    recordFault(ctx, row, error);
    if (checkpoint && error instanceof LogDataError && error.isMisbehaviour) {
      storeCheckpoint(ctx, logId, checkpoint, null, ctx.now(), 'inconsistent');
      rewindToVerified(ctx, logId);
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
    if (checkpoint.size <= head.size) await judgeNotLarger(options.source, checkpoint, head);
  }
  if (checkpoint.size === position.verified.size) {
    if (!isVerified(ctx, row.id, checkpoint)) keepSignedHead(ctx, row, position, checkpoint, seenAt);
    return { outcome: 'unchanged', entries: 0, events: 0 };
  }
  const tree = await AuthenticatedTree.open(options.source, checkpoint, options.signal);
  const proof = await proveGrowth(tree, checkpoint, heads[0]);
  for (const head of heads.slice(1)) await proveGrowth(tree, checkpoint, head);
  const previous = { size: position.verified.size, proof };
  const checkpointId = storeCheckpoint(ctx, row.id, checkpoint, previous, seenAt);
  touchLog(ctx, row.id, { observedSize: Math.max(row.observedSize, checkpoint.size) });
  const place = placeUnder(row, { ...checkpoint, id: checkpointId }, seenAt, previous);
  return readInto(ctx, tree, checkpoint, position.downloaded, place, options);
}

/** The signed head of a size that is verified already: a log first met at its end, or the same tree signed anew. */
function keepSignedHead(
  ctx: ServiceContext,
  row: LogRow,
  { downloaded }: Position,
  checkpoint: SignedCheckpoint,
  seenAt: number,
): void {
  const checkpointId = storeCheckpoint(ctx, row.id, checkpoint, { size: checkpoint.size, proof: [] }, seenAt);
  commitEntries(ctx, {
    logId: row.id,
    from: downloaded.size,
    range: downloaded,
    events: [],
    rate: row.rate,
    policies: NO_POLICIES,
    verified: { checkpointId },
  });
}

async function readInto(
  ctx: ServiceContext,
  tree: AuthenticatedTree,
  checkpoint: SignedCheckpoint,
  range: CompactRange,
  place: CheckpointPlace,
  options: FollowOptions,
): Promise<FollowResult> {
  const began = performance.now();
  const first = range.size;
  const awaited = awaitedLeaves(ctx, place.logId);
  let from = range.size;
  let pending: NewEvent[] = [];
  let found = 0;
  let bundlesRead = 0;
  const commit = (verified: { checkpointId: number } | null) => {
    const seconds = (performance.now() - began) / 1000;
    const rate = seconds > 0.5 ? Math.round((range.size - first) / seconds) : null;
    commitEntries(ctx, {
      logId: place.logId,
      from,
      range,
      events: pending,
      rate,
      policies: options.policies,
      verified,
    });
    from = range.size;
    pending = [];
  };
  const inline = inlineProcessor(options.matcher, awaitedBy(awaited));
  const isLong = tree.size - first > POOL_FROM;
  const processor = (isLong && options.pool?.processor(options.rules, awaited, inline)) || inline;
  for await (const read of readEntries(options.source, tree, range, processor, options)) {
    for (const { index, bytes } of read.kept) {
      const leafHash = read.leaves[index % TILE_WIDTH] ?? new Uint8Array();
      const candidate = examineEntry(index, bytes, leafHash, options.matcher);
      const inclusionProof = await tree.inclusionProof(index, read.leaves);
      pending.push(eventOf(ctx, candidate, { ...place, inclusionProof }, options.judge));
      found++;
    }
    // Judging takes milliseconds: timers and other logs get their turn after each bundle that kept something.
    if (read.kept.length > 0) await setImmediate();
    if (++bundlesRead % BUNDLES_PER_COMMIT === 0 && range.size < checkpoint.size) commit(null);
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

/** One entry that we fail to judge must not stop the log: it is kept as undecided, and shown. */
function eventOf(ctx: ServiceContext, candidate: Candidate, place: EntryPlace, judge: CertificateJudge): NewEvent {
  try {
    return buildEvent(candidate, place, judge);
  } catch (error) {
    ctx.log.error({ origin: place.origin, index: candidate.index, err: error }, 'entry could not be judged');
    const undecided = `Judging the entry failed: ${(error as Error).message}`;
    return buildEvent({ ...candidate, decoded: null, undecided }, place, judge);
  }
}
