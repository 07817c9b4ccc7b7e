import { and, asc, desc, eq, gt, ne } from 'drizzle-orm';
import type { Db, Writer } from '#db/client.ts';
import { checkpoints, logs } from '#db/schema/log.ts';
import type { KnownHead } from '#lib/rekor/checkpoint.ts';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { CompactRange } from '#lib/tlog/compact-range.ts';

export type LogRow = typeof logs.$inferSelect;

/** The two cursors of a log, as compact ranges. */
export interface Position {
  readonly verified: CompactRange;
  readonly downloaded: CompactRange;
}

/** @throws {Error} where the row is gone. */
export function readLog(db: Db, id: number): LogRow {
  const row = db.select().from(logs).where(eq(logs.id, id)).get();
  if (!row) throw new Error(`log ${id} is not in the database`);
  return row;
}

/** No log of that origin was ever taken up. */
export class UnknownLogError extends Error {
  override readonly name = 'UnknownLogError';
}

/** @throws {UnknownLogError} */
export function findLog(db: Writer, origin: string): LogRow {
  const row = db.select().from(logs).where(eq(logs.origin, origin)).get();
  if (!row) throw new UnknownLogError(`There is no log ${origin} in the database.`);
  return row;
}

/** Sets fields of a log beside its cursors' transaction. */
export function touchLog(ctx: ServiceContext, id: number, set: Partial<LogRow>): void {
  ctx.database.db.update(logs).set(set).where(eq(logs.id, id)).run();
}

export function readPosition(row: LogRow): Position {
  return {
    verified: CompactRange.fromBytes(row.verifiedSize, row.verifiedRange, nodeSha256),
    downloaded: CompactRange.fromBytes(row.downloadedSize, row.downloadedRange, nodeSha256),
  };
}

/** The heads that we hold, and that a new checkpoint must continue: what is verified, and how far a catch-up had come. */
export function heldHeads(db: Db, row: LogRow, { verified, downloaded }: Position): [KnownHead, ...KnownHead[]] {
  const head = headOf(db, row.id, verified);
  return downloaded.size > verified.size ? [head, headOf(db, row.id, downloaded)] : [head];
}

/**
 * The largest head that the log signed and whose entries it has not shown us in full, if there is one: a log that signs a
 * tree and withholds it is held to it.
 *
 * @param note the new checkpoint's own, which is stored already and does not count.
 */
export function unreadHead(db: Db, row: LogRow, { verified }: Position, note: string): KnownHead | undefined {
  return db
    .select({ size: checkpoints.size, root: checkpoints.root, note: checkpoints.note })
    .from(checkpoints)
    .where(
      and(
        eq(checkpoints.logId, row.id),
        eq(checkpoints.state, 'observed'),
        // What others were shown may be newer than what a cache shows us: it is compared once we have come so far.
        eq(checkpoints.seenFrom, 'log'),
        gt(checkpoints.size, verified.size),
        ne(checkpoints.note, note),
      ),
    )
    .orderBy(desc(checkpoints.size), asc(checkpoints.id))
    .get();
}

function headOf(db: Db, logId: number, range: CompactRange): KnownHead {
  const signed = db
    .select({ note: checkpoints.note })
    .from(checkpoints)
    .where(and(eq(checkpoints.logId, logId), eq(checkpoints.size, range.size), eq(checkpoints.state, 'verified')))
    .orderBy(desc(checkpoints.id))
    .get();
  return { size: range.size, root: range.root(), note: signed?.note ?? null };
}
