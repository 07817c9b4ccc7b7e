import { and, eq, gte, inArray } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { bundles } from '#db/schema/bundle.ts';
import { events } from '#db/schema/event.ts';
import { checkpoints, coverage, logs } from '#db/schema/log.ts';
import { unindexEvents } from '#db/search.ts';
import type { SignerPolicies } from '#lib/provenance/expected-signer.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { type NewEvent, recordEvent } from '#lib/services/event/record.ts';
import { settleEvents } from '#lib/services/settle.ts';
import type { CompactRange } from '#lib/tlog/compact-range.ts';

/** Another process moved the log's cursor between our read and our write. */
export class CursorMovedError extends Error {
  override readonly name = 'CursorMovedError';
}

export interface EntriesCommit {
  readonly logId: number;
  /** Where the downloaded cursor must stand for this to be the next step. */
  readonly from: number;
  readonly range: CompactRange;
  readonly events: readonly NewEvent[];
  readonly rate: number | null;
  /** By which statements count that turn out to be our own. */
  readonly policies: SignerPolicies;
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
      for (const event of commit.events) recordEvent(tx, ctx.database.sqlite, event);
      settleEvents(
        tx,
        commit.events.map(({ row }) => row.id),
        { policies: commit.policies, now: at },
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
      extendCoverage(tx, commit.logId, commit.range.size, at);
    },
    { behavior: 'immediate' },
  );
}

/** Goes back to the verified cursor and forgets what was read beyond it: those entries were never part of a proved whole. */
export function rewindToVerified(ctx: ServiceContext, logId: number): void {
  const { db, sqlite } = ctx.database;
  db.transaction(
    (tx) => {
      const log = tx.select().from(logs).where(eq(logs.id, logId)).get();
      if (!log) return;
      const isBeyond = and(eq(events.logId, logId), eq(events.seenBy, 'tail'), gte(events.logIndex, log.verifiedSize));
      const ids = tx.select({ id: events.id }).from(events).where(isBeyond);
      tx.update(bundles).set({ eventId: null, linkedBy: null }).where(inArray(bundles.eventId, ids)).run();
      const rows = tx.delete(events).where(isBeyond).returning({ row: events.row }).all();
      unindexEvents(
        sqlite,
        rows.map(({ row }) => row),
      );
      tx.update(logs)
        .set({ downloadedSize: log.verifiedSize, downloadedRange: log.verifiedRange })
        .where(eq(logs.id, logId))
        .run();
    },
    { behavior: 'immediate' },
  );
}

/** The tail covers one growing range from where it started. */
function extendCoverage(tx: Writer, logId: number, end: number, at: number): void {
  const row = tx.select({ startIndex: logs.startIndex }).from(logs).where(eq(logs.id, logId)).get();
  const startIndex = row?.startIndex ?? 0;
  if (end <= startIndex) return;
  tx.insert(coverage)
    .values({ logId, startIndex, endIndex: end, verifiedAt: at })
    .onConflictDoUpdate({ target: [coverage.logId, coverage.startIndex], set: { endIndex: end, verifiedAt: at } })
    .run();
}
