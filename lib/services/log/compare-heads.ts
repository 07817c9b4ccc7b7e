import { and, asc, eq, lte } from 'drizzle-orm';
import { checkpoints } from '#db/schema/log.ts';
import { proveGrowth, type SignedCheckpoint } from '#lib/rekor/checkpoint.ts';
import { LogDataError } from '#lib/rekor/log-data-error.ts';
import type { LogReader, LogView } from '#lib/rekor/log-reader.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { readLog } from './position.ts';
import { verifiedHead } from './verified-head.ts';

/** So many heads are compared in one round, each with a few bound hashes. */
const MOST = 256;

export interface CompareOptions {
  readonly reader: LogReader;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Compares signed heads that reached us by other ways than the tail with the tree that we verified: of bundles, of entries'
 * own proofs, of witnesses, of a second address of the log. Each must be the start of our tree; those beyond it wait.
 *
 * @returns how many were compared.
 * @throws {LogDataError} `inconsistent` where the log signed another tree for somebody else.
 */
export async function compareHeads(ctx: ServiceContext, logId: number, options: CompareOptions): Promise<number> {
  const { db } = ctx.database;
  const log = readLog(db, logId);
  const waiting = db
    .select()
    .from(checkpoints)
    .where(
      and(eq(checkpoints.logId, logId), eq(checkpoints.state, 'observed'), lte(checkpoints.size, log.verifiedSize)),
    )
    .orderBy(asc(checkpoints.size))
    .limit(MOST)
    .all();
  const head = waiting.length > 0 ? verifiedHead(ctx, log) : undefined;
  if (!head) return 0;
  const view = await options.reader.open(head, options.signal);
  for (const other of waiting) {
    const proof = await proveStart(view, { ...head, cosignatures: 0, extensions: [] }, other).catch(
      (error: unknown) => {
        if (error instanceof LogDataError && error.isMisbehaviour) markInconsistent(ctx, other.id);
        throw error;
      },
    );
    db.update(checkpoints)
      .set({
        state: 'consistent',
        verifiedAt: ctx.now(),
        // The proof leads from this head to the larger one that we verified.
        previousSize: other.previousSize ?? head.size,
        consistencyProof: other.consistencyProof ?? Buffer.concat(proof),
      })
      .where(eq(checkpoints.id, other.id))
      .run();
  }
  return waiting.length;
}

/** Evidence from now on, and compared no more: a log that is followed again is not frozen for it twice. */
function markInconsistent({ database }: ServiceContext, id: number): void {
  database.db.update(checkpoints).set({ state: 'inconsistent' }).where(eq(checkpoints.id, id)).run();
}

function proveStart(view: LogView, head: SignedCheckpoint, other: typeof checkpoints.$inferSelect) {
  return proveGrowth(view, head, { size: other.size, root: other.root, note: other.note });
}
