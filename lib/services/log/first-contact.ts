import { AuthenticatedTree } from '#lib/rekor/authenticated-tree.ts';
import type { SignedCheckpoint } from '#lib/rekor/checkpoint.ts';
import { LogDataError } from '#lib/rekor/log-data-error.ts';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import type { TileSource } from '#lib/rekor/tile-client.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { CompactRange } from '#lib/tlog/compact-range.ts';
import { completeSubtrees } from '#lib/tlog/proof.ts';
import { type LogRow, readLog, touchLog } from './position.ts';

/** Places the cursors of a log that was never followed, by the compact range that its own tiles prove. */
export async function takeUpLog(
  ctx: ServiceContext,
  row: LogRow,
  checkpoint: SignedCheckpoint,
  options: { readonly source: TileSource; readonly start: 'end' | number; readonly signal?: AbortSignal },
): Promise<LogRow> {
  const start = options.start === 'end' ? checkpoint.size : options.start;
  if (start > checkpoint.size) {
    throw new LogDataError(
      'smaller-tree',
      `logs.start is ${start}, but ${row.origin} has only ${checkpoint.size} entries. It is followed once it has grown so far; or lower logs.start.`,
    );
  }
  const tree = await AuthenticatedTree.open(options.source, checkpoint, options.signal);
  const hashes = await Promise.all(completeSubtrees(0, start).map(({ level, index }) => tree.subtree(level, index)));
  const range = Buffer.from(CompactRange.from(start, hashes, nodeSha256).toBytes());
  touchLog(ctx, row.id, {
    startIndex: start,
    downloadedSize: start,
    downloadedRange: range,
    verifiedSize: start,
    verifiedRange: range,
    observedSize: checkpoint.size,
  });
  ctx.log.info({ origin: row.origin, start, size: checkpoint.size }, 'log taken up');
  return readLog(ctx.database.db, row.id);
}
