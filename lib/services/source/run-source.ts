import { eq } from 'drizzle-orm';
import { sourceStates } from '#db/schema/source.ts';
import { FetchError } from '#lib/rekor/fetch-error.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { RetryLater } from '#lib/services/job/retry-later.ts';

export interface PolledSource {
  readonly name: string;
  readonly kind: (typeof sourceStates.$inferSelect)['kind'];
  /** Where it is, for people. */
  readonly location: string;
  /** Milliseconds from one look to the next. */
  readonly every: number;
  /** Whether failures make the looks rarer: so for other people's servers, not for our own disk. */
  readonly backsOff: boolean;
}

export interface SourceRun {
  /** What this look came to: `read`, `accepted`, `refused`, `unchanged`, `skipped`. */
  readonly counts: Readonly<Record<string, number>>;
  /** What the source remembers for the next look; left out, what it remembers stays. */
  readonly memory?: unknown;
}

const LONGEST_WAIT = 6 * 3_600_000;

/**
 * Makes one look at a source, and notes its result, what it remembers, and when the next one is due. After each failure
 * in a row the wait doubles, from `every` up to six hours, give or take a tenth; a success sets it back.
 *
 * @param look is given what the source remembered, which another version may have written.
 * @throws {RetryLater} where the look failed.
 */
export async function runSource(
  ctx: ServiceContext,
  source: PolledSource,
  look: (memory: unknown) => Promise<SourceRun>,
  options: { readonly signal?: AbortSignal; readonly random?: () => number } = {},
): Promise<SourceRun['counts']> {
  const { name, kind, location, every } = source;
  const { db } = ctx.database;
  const known = db.select().from(sourceStates).where(eq(sourceStates.name, name)).get();
  // Another kind under the same name is another source: it inherits neither memory nor failures.
  const before = known?.kind === kind ? known : undefined;
  const began = ctx.now();
  const save = (set: Partial<typeof sourceStates.$inferInsert>) => {
    const row = { kind, location, lastRunAt: began, ...set };
    db.insert(sourceStates)
      .values({ name, ...row })
      .onConflictDoUpdate({ target: sourceStates.name, set: row })
      .run();
  };
  try {
    const run = await look(before ? parseMemory(before.memory) : {});
    const memory = run.memory === undefined ? (before?.memory ?? '{}') : JSON.stringify(run.memory);
    const done = { error: null, failures: 0, lastSuccessAt: ctx.now(), nextRunAt: began + every };
    save({ ...done, result: JSON.stringify(run.counts), memory });
    return run.counts;
  } catch (error) {
    // Interrupted by us: no fault of the source.
    if (options.signal?.aborted) throw error;
    const failures = (before?.failures ?? 0) + 1;
    const message = error instanceof Error ? error.message : String(error);
    const wait = Math.max(backOff(source, failures, options.random ?? Math.random), askedFor(error));
    save({ error: message.slice(0, 2000), failures, nextRunAt: ctx.now() + wait, ...(!before && { memory: '{}' }) });
    throw new RetryLater(message, wait, { cause: error });
  }
}

function backOff({ every, backsOff }: PolledSource, failures: number, random: () => number): number {
  if (!backsOff) return every;
  const longest = Math.max(every, LONGEST_WAIT);
  const wait = Math.min(every * 2 ** Math.min(failures, 20), longest);
  return Math.round(wait * (0.9 + random() / 5));
}

/** A server that says how long to stay away is heeded, within a day. */
function askedFor(error: unknown): number {
  return error instanceof FetchError ? Math.min(error.retryAfter ?? 0, 24 * 3_600_000) : 0;
}

function parseMemory(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
