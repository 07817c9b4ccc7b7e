import { and, eq } from 'drizzle-orm';
import { checkpoints, logs } from '#db/schema/log.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import type { CompactRange } from '#lib/tlog/compact-range.ts';
import { addCoverage } from './coverage.ts';
import type { EntrySink, PendingEntry } from './entry-sink.ts';

/** Another process moved the log's cursor between our read and our write. */
export class CursorMovedError extends Error {
  override readonly name = 'CursorMovedError';
}

export interface EntriesCommit {
  readonly logId: number;
  /** Where the downloaded cursor must stand for this to be the next step. */
  readonly from: number;
  readonly range: CompactRange;
  readonly entries: readonly PendingEntry[];
  readonly rate: number | null;
  /** Settles what follows from the entries, in the same transaction. */
  readonly settle: EntrySink['settle'];
  /** Set with the last entries of a checkpoint, once the range gives its root. */
  readonly verified: { readonly checkpointId: number } | null;
}

/** Entries, matches, cursor and checkpoint in one transaction: a process killed anywhere loses nothing and doubles nothing. */
export function commitEntries(ctx: ServiceContext, commit: EntriesCommit): void {
  const { db } = ctx.database;
  const at = ctx.now();
  const hashes = Buffer.from(commit.range.toBytes());
  db.transaction(
    (tx) => {
      for (const entry of commit.entries) entry.store(tx);
      commit.settle(
        tx,
        commit.entries.map(({ id }) => id),
      );
      const moved = tx
        .update(logs)
        .set({
          downloadedSize: commit.range.size,
          downloadedRange: hashes,
          rate: commit.rate,
          ...(commit.verified ? { verifiedSize: commit.range.size, verifiedRange: hashes } : {}),
        })
        .where(and(eq(logs.id, commit.logId), eq(logs.downloadedSize, commit.from), eq(logs.state, 'following')))
        .run();
      if (moved.changes !== 1) throw new CursorMovedError(`log ${commit.logId} no longer stands at ${commit.from}`);
      if (!commit.verified) return;
      tx.update(checkpoints)
        .set({ state: 'verified', verifiedAt: at })
        .where(eq(checkpoints.id, commit.verified.checkpointId))
        .run();
      const row = tx.select({ startIndex: logs.startIndex }).from(logs).where(eq(logs.id, commit.logId)).get();
      addCoverage(tx, commit.logId, { startIndex: row?.startIndex ?? 0, endIndex: commit.range.size }, at);
    },
    { behavior: 'immediate' },
  );
}

/** Goes back to the verified cursor and forgets what was read beyond it: those entries were never part of a proved whole. */
export function rewindToVerified(ctx: ServiceContext, logId: number, sink: EntrySink): void {
  const { db } = ctx.database;
  db.transaction(
    (tx) => {
      const log = tx.select().from(logs).where(eq(logs.id, logId)).get();
      if (!log) return;
      sink.forget(tx, logId, log.verifiedSize);
      tx.update(logs)
        .set({ downloadedSize: log.verifiedSize, downloadedRange: log.verifiedRange })
        .where(eq(logs.id, logId))
        .run();
    },
    { behavior: 'immediate' },
  );
}
