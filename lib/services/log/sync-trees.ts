import { and, asc, eq, notInArray } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { logs } from '#db/schema/log.ts';
import { LogDataError } from '#lib/rekor/log-data-error.ts';
import type { LogReader } from '#lib/rekor/log-reader.ts';
import { type DiscoveredTree, discoverTrees, type RekorV1Server } from '#lib/rekor-v1/discover-trees.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { adoptEvents } from '#lib/services/event/adopt.ts';
import { type LogRow, touchLog } from './position.ts';
import { recordFault } from './record-fault.ts';
import type { FollowedServer } from './rekor-v1-servers.ts';

/** What identifies a tree to its reader. */
export type TreeKey = Pick<LogRow, 'origin' | 'treeId' | 'indexOffset'>;

export interface SyncTreesOptions {
  readonly server: RekorV1Server &
    Pick<FollowedServer, 'readUrl' | 'reading'> &
    Partial<Pick<FollowedServer, 'mirror'>>;
  /** The reader of a tree, the same one in every round. */
  readonly readerOf: (tree: TreeKey) => LogReader;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes the trees that a Rekor v1 server lists logs to follow. What it says of their order is no more than its word: that a
 * tree has ended, and that an index counts from another place than before, is taken from entries' signed timestamps, which
 * hold the index through all trees.
 *
 * @returns the ids of trees whose place is in doubt, each with a fault that says why: they are not to be followed now.
 * @throws {FetchError | LogDataError} where the list cannot be read; trees that are known can be followed all the same.
 */
export async function syncTrees(ctx: ServiceContext, options: SyncTreesOptions): Promise<ReadonlySet<number>> {
  const { server, signal } = options;
  const trees = await discoverTrees(server, signal);
  const rows = keepTrees(ctx, trees, server);
  const doubtful = new Set<number>();
  for (const [i, tree] of trees.entries()) {
    const row = rows[i];
    if (!row) continue;
    try {
      await compareOffset(ctx, row, tree, options);
      await noteEnd(ctx, row, tree, trees[i + 1], options);
    } catch (error) {
      signal?.throwIfAborted();
      recordFault(ctx, row, error);
      doubtful.add(row.id);
    }
  }
  return doubtful;
}

/** The trees of a server as they are stored, in the order in which its indices run through them. */
export function treesOf(ctx: Pick<ServiceContext, 'database'>, instance: string): LogRow[] {
  return ctx.database.db
    .select()
    .from(logs)
    .where(and(eq(logs.api, 'rekor-v1'), eq(logs.instance, instance)))
    .orderBy(asc(logs.indexOffset), asc(logs.id))
    .all();
}

/** Marks the trees of servers that are not followed any more; what was read of them stays. */
export function retireTrees(ctx: ServiceContext, instances: readonly string[]): void {
  ctx.database.db
    .update(logs)
    .set({ state: 'removed' })
    .where(and(eq(logs.api, 'rekor-v1'), eq(logs.state, 'following'), notInArray(logs.instance, [...instances])))
    .run();
}

/** All in one transaction, at one time: trees that were met together are told by it from those that came later. */
function keepTrees(
  ctx: ServiceContext,
  trees: readonly DiscoveredTree[],
  server: SyncTreesOptions['server'],
): LogRow[] {
  const createdAt = ctx.now();
  return ctx.database.db.transaction((tx) => trees.map((tree) => keepTree(tx, tree, server, createdAt)), {
    behavior: 'immediate',
  });
}

function keepTree(
  tx: Writer,
  { origin, treeId, indexOffset, key }: DiscoveredTree,
  { instance, readUrl, reading, mirror = 'matches' }: SyncTreesOptions['server'],
  createdAt: number,
): LogRow {
  const known = tx.select().from(logs).where(eq(logs.origin, origin)).get();
  if (known) {
    const state = known.state === 'removed' ? 'following' : known.state;
    return tx.update(logs).set({ readUrl, reading, mirror, state }).where(eq(logs.id, known.id)).returning().get();
  }
  const empty = Buffer.alloc(0);
  const row = tx
    .insert(logs)
    .values({
      origin,
      api: 'rekor-v1',
      instance,
      treeId,
      indexOffset,
      reading,
      mirror,
      readUrl,
      logId: key.logId,
      keyDetails: key.keyDetails,
      publicKey: key.spkiDer,
      source: 'trusted-root',
      state: 'following',
      downloadedRange: empty,
      verifiedRange: empty,
      createdAt,
    })
    .returning()
    .get();
  adoptEvents(tx, row);
  return row;
}

/**
 * An offset under which entries were read stands in their signed timestamps: only another such timestamp contradicts it.
 * One that nothing was read under was the server's word, and is replaced.
 */
async function compareOffset(ctx: ServiceContext, row: LogRow, tree: DiscoveredTree, options: SyncTreesOptions) {
  if (row.indexOffset === tree.indexOffset) return;
  if (row.downloadedSize === 0) {
    touchLog(ctx, row.id, { indexOffset: tree.indexOffset });
    return;
  }
  const change = `Entry 0 of ${row.origin} had the global index ${row.indexOffset}, and the trees that the server now lists before it have ${tree.indexOffset} entries`;
  const evidence = {
    'offset before': String(row.indexOffset),
    'offset now': String(tree.indexOffset),
    received: tree.head.note,
  };
  const isSigned = await provesOffset(tree, options);
  throw isSigned
    ? new LogDataError('inconsistent', `${change}: the log signed two places for the same entry.`, evidence)
    : new LogDataError('tree-mismatch', `${change}; no entry is signed to be there.`, evidence);
}

/** A tree has ended once the log has signed that the next one begins where it ends. */
async function noteEnd(
  ctx: ServiceContext,
  row: LogRow,
  tree: DiscoveredTree,
  next: DiscoveredTree | undefined,
  options: SyncTreesOptions,
): Promise<void> {
  if (tree.finalSize === null || row.finalSize !== null || !next || next.head.size === 0) return;
  if (tree.finalSize > 0 && !(await provesOffset(tree, options))) return;
  if (!(await provesOffset(next, options))) return;
  touchLog(ctx, row.id, { finalSize: tree.finalSize });
  ctx.log.info({ origin: row.origin, size: tree.finalSize, next: next.origin }, 'the tree has ended');
}

/** Whether the log signed that the first entry of the tree has the global index that its offset says. */
async function provesOffset(tree: DiscoveredTree, { readerOf, signal }: SyncTreesOptions): Promise<boolean> {
  const view = await readerOf(tree).open(tree.head, signal);
  try {
    await view.entry(0);
    return true;
  } catch (error) {
    // What is wrong with that tree is found, and said, when it is followed itself.
    if (error instanceof LogDataError) return false;
    throw error;
  }
}
