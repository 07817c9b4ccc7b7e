import type { LogReader } from '#lib/rekor/log-reader.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { type FollowOptions, type FollowResult, followLog } from './follow.ts';
import type { LogRow } from './position.ts';
import type { FollowedServer } from './rekor-v1-servers.ts';
import { type SyncTreesOptions, syncTrees, treesOf } from './sync-trees.ts';

export interface FollowServerOptions extends SyncTreesOptions {
  readonly server: SyncTreesOptions['server'] & Pick<FollowedServer, 'start' | 'keyValidUntil'>;
  /** What it takes to follow a tree with this reader. */
  readonly tailOf: (reader: LogReader) => Pick<FollowOptions, 'reader' | 'picker' | 'sink' | 'policy'>;
  /** Where a tree may be read when the server no longer shows it. */
  readonly fallbackOf?: (row: LogRow) => LogReader;
  readonly parallel: number;
}

export interface FollowServerResult {
  readonly trees: readonly (FollowResult & { readonly origin: string })[];
  /** Why the list of trees could not be read; null where it could. */
  readonly failure: Error | null;
  /** Milliseconds that the server asked us to stay away for. */
  readonly retryAfter: number | undefined;
}

const SKIPPED: FollowResult = { outcome: 'failed', entries: 0, events: 0 };

/**
 * One round on a Rekor v1 server: finds its trees, and follows each, inactive ones too. Where the list cannot be read the
 * trees that are known are followed all the same.
 */
export async function followServer(ctx: ServiceContext, options: FollowServerOptions): Promise<FollowServerResult> {
  const { server, readerOf, tailOf, fallbackOf, parallel, signal } = options;
  let failure: Error | null = null;
  let doubtful: ReadonlySet<number> = new Set();
  try {
    doubtful = await syncTrees(ctx, options);
  } catch (error) {
    failure = error as Error;
  }
  const rows = treesOf(ctx, server.instance);
  const follow = (row: LogRow): Promise<FollowResult> =>
    followLog(ctx, row.id, {
      ...tailOf(readerOf(row)),
      start: startOf(row, rows, server),
      keyValidUntil: server.keyValidUntil,
      fallback: fallbackOf?.(row),
      parallel,
      signal,
    });
  const rounds = await Promise.allSettled(
    rows.map(async (row) => ({ origin: row.origin, ...(doubtful.has(row.id) ? SKIPPED : await follow(row)) })),
  );
  // Only once all have ended: none may go on when the next round, or other rules, begin.
  const trees = rounds.map((round) => {
    if (round.status === 'rejected') throw round.reason;
    return round.value;
  });
  const waits = trees.flatMap(({ retryAfter }) => retryAfter ?? []);
  return { trees, failure, retryAfter: waits.length > 0 ? Math.max(...waits) : undefined };
}

/**
 * Where a tree begins that was never followed. A tree that came after the first contact is read from 0: nothing of it may
 * have been missed. Of the first contact only the newest tree begins where the configuration says, for an index is of one tree.
 */
function startOf(row: LogRow, rows: readonly LogRow[], { start, reading }: FollowServerOptions['server']) {
  if (reading === 'index') return 'end';
  const firstContact = Math.min(...rows.map(({ createdAt }) => createdAt));
  if (row.createdAt > firstContact) return 0;
  const first = rows.filter(({ createdAt }) => createdAt === firstContact);
  if (row.id === first.at(-1)?.id) return start;
  return start === 0 ? 0 : 'end';
}
