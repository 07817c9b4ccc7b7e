import { setTimeout as delay } from 'node:timers/promises';
import { and, asc, eq } from 'drizzle-orm';
import { backfills } from '#db/schema/log.ts';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { readLog } from '#lib/services/log/position.ts';
import { mirrorReader } from '#lib/services/mirror/mirror-reader.ts';
import { compileRules } from '#lib/watch/rule.ts';
import { RangeLostError } from './commit-range.ts';
import { leaseRange, returnRange } from './lease-range.ts';
import type { BackfillRow } from './open-backfill.ts';
import { type RangeTools, runRange } from './run-range.ts';

export interface BackfillOptions extends RangeTools {
  /** Who takes ranges. */
  readonly holder: string;
  /** Entries a second at most; searching back must leave the log time for others, and for its tail. */
  readonly rate: number;
  /** The folder of all mirrors; entries that are kept there are read from there, and at any rate. */
  readonly mirrors?: string | undefined;
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<unknown>;
}

/** A range is read in about so many seconds at the permitted rate, so that little is read twice after an end. */
const SECONDS_A_RANGE = 30;
const SMALLEST = 256;
const LARGEST = 8192;

/**
 * Works on the open back-fills of one log, oldest first, until there is no range left to take.
 *
 * @returns entries read.
 * @throws what made a range fail, once the others were worked on; it is given back, and taken again by the next round.
 */
export async function runBackfills(ctx: ServiceContext, logId: number, options: BackfillOptions): Promise<number> {
  const { sleep = (ms, signal) => delay(ms, undefined, signal ? { signal } : {}), signal } = options;
  const entries = rangeEntries(options.rate);
  let read = 0;
  const failures: unknown[] = [];
  for (const backfill of openBackfills(ctx, logId)) {
    const tools = toolsFor(ctx, backfill, options);
    const isPaced = tools.headSize === undefined;
    for (;;) {
      if (signal?.aborted || readLog(ctx.database.db, logId).state !== 'following') return read;
      const range = leaseRange(ctx, backfill.id, options.holder, entries);
      if (!range) break;
      const began = performance.now();
      try {
        await runRange(ctx, backfill, range, tools);
      } catch (error) {
        returnRange(ctx, range);
        if (error instanceof RangeLostError) continue;
        // What a log does not give of one search, a mirror may give of the next.
        failures.push(error);
        break;
      }
      const count = range.endIndex - range.startIndex;
      read += count;
      const wait = (count / options.rate) * 1000 - (performance.now() - began);
      if (isPaced && wait > 0) await sleep(wait, signal).catch(() => {});
    }
  }
  if (failures.length > 0) throw failures[0];
  return read;
}

/** So many entries a range, a power of two of whole bundles. */
function rangeEntries(rate: number): number {
  const wanted = Math.min(LARGEST, Math.max(SMALLEST, rate * SECONDS_A_RANGE));
  return 2 ** Math.floor(Math.log2(wanted));
}

function openBackfills({ database }: ServiceContext, logId: number): BackfillRow[] {
  return database.db
    .select()
    .from(backfills)
    .where(and(eq(backfills.logId, logId), eq(backfills.state, 'open')))
    .orderBy(asc(backfills.id))
    .all();
}

/** A search for some rules is by these alone: the others have seen the entries. What the mirror has is read from there. */
function toolsFor(ctx: ServiceContext, backfill: BackfillRow, options: BackfillOptions): RangeTools {
  const { origin, mirrorSize, api } = readLog(ctx.database.db, backfill.logId);
  const isKept = options.mirrors !== undefined && mirrorSize >= backfill.endIndex;
  const source = isKept
    ? {
        reader: mirrorReader(options.mirrors, origin),
        headSize: mirrorSize,
        // When an entry was taken stands beside the tree in Rekor v1, and so in no mirror.
        original: api === 'rekor-v1' ? options.reader : undefined,
      }
    : { reader: options.reader, headSize: undefined };
  if (backfill.rules === null) return { ...options, ...source };
  const names = new Set(JSON.parse(backfill.rules) as string[]);
  const rules = options.picker.rules.filter(({ name }) => names.has(name));
  return { ...options, ...source, picker: { ...options.picker, rules, matcher: compileRules(rules, nodeSha256) } };
}
