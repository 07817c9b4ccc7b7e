import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKPOINT_FILE, logFolder } from '#lib/mirror/layout.ts';
import { MirrorError } from '#lib/mirror/mirror-error.ts';
import { MirrorStore } from '#lib/mirror/store.ts';
import { LogDataError } from '#lib/rekor/log-data-error.ts';
import { type LogReader, TAKE_ALL } from '#lib/rekor/log-reader.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { readLog, touchLog } from '#lib/services/log/position.ts';
import { verifiedHead } from '#lib/services/log/verified-head.ts';
import { equalBytes } from '#lib/tlog/hash.ts';

export interface ExtendOptions {
  readonly reader: LogReader;
  /** The folder of all mirrors. */
  readonly folder: string;
  /** Most bytes that the mirror of one log may take. */
  readonly limit: number;
  readonly parallel: number;
  readonly signal?: AbortSignal | undefined;
}

/** Entries written before they are made durable, so that an end costs no more than these. */
const ENTRIES_PER_FLUSH = 16_384;
/** It cannot go on until an operator has done something: said on the log's page, and no failure of the job. */
const STANDSTILL: ReadonlySet<string> = new Set(['limit', 'entry-too-long']);

/**
 * Brings the mirror of a log up to the head that its tail verified. A second reading of its own: every entry is bound to the
 * head again, the root is computed again from what was written, and only then is the head served.
 *
 * @returns entries written.
 * @throws {FetchError | LogDataError | MirrorError} the mirror serves its last head, and goes on with the next round.
 */
export async function extendMirror(ctx: ServiceContext, logId: number, options: ExtendOptions): Promise<number> {
  const log = readLog(ctx.database.db, logId);
  const head = log.state === 'following' && log.mirror === 'full' ? verifiedHead(ctx, log) : undefined;
  if (!head || (head.size <= log.mirrorSize && isThere(options.folder, log.origin))) return 0;
  try {
    const store = await MirrorStore.open(options.folder, log.origin, { limit: options.limit });
    const written = store.head.size < head.size ? await fill(store, head, options) : 0;
    touchLog(ctx, logId, { mirrorSize: store.head.size, mirrorBytes: store.bytesUsed(), mirrorProblem: null });
    if (written > 0) ctx.log.info({ origin: log.origin, size: store.head.size, entries: written }, 'mirror extended');
    return written;
  } catch (error) {
    if (!(error instanceof MirrorError)) throw error;
    touchLog(ctx, logId, { mirrorProblem: error.message });
    if (!STANDSTILL.has(error.code)) throw error;
    ctx.log.warn({ origin: log.origin, code: error.code }, error.message);
    return 0;
  }
}

/** Whoever removed the folder wants the log mirrored anew. */
function isThere(folder: string, origin: string): boolean {
  return existsSync(join(logFolder(folder, origin), CHECKPOINT_FILE));
}

async function fill(
  store: MirrorStore,
  head: { readonly size: number; readonly root: Uint8Array; readonly note: string },
  { reader, parallel, signal }: ExtendOptions,
): Promise<number> {
  const from = store.size;
  const view = await reader.open(head, signal);
  const range = await view.rangeOf(from);
  let flushed = from;
  for await (const { kept, size } of view.read(range, head.size, { picker: TAKE_ALL, parallel, signal })) {
    await store.append(kept.map(({ bytes }) => bytes));
    if (size - flushed < ENTRIES_PER_FLUSH) continue;
    await store.flush();
    flushed = size;
  }
  if (!equalBytes(range.root(), head.root)) {
    await store.rewind();
    throw new LogDataError(
      'root-mismatch',
      `The entries read for the mirror up to ${head.size} do not give the root that the log signed.`,
    );
  }
  await store.commit(head);
  return head.size - from;
}
