import { and, desc, eq, gte, isNull, lt } from 'drizzle-orm';
import { canaries } from '#db/schema/canary.ts';
import { events } from '#db/schema/event.ts';
import { expectedSignings } from '#db/schema/expected.ts';
import { logs } from '#db/schema/log.ts';
import type { CanaryConfig } from '#lib/config/health-schema.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { declareExpected } from '#lib/services/expected/declare.ts';
import { type CanaryTools, freshCanary, signCanary } from './sign.ts';

/** Looked for this long: one that comes up days later still tells how late it was. */
const LOOKED_FOR = 7 * 24 * 3_600_000;
/** A failed attempt is repeated this much sooner than the next canary would come. */
const RETRY_AFTER = 15 * 60_000;

export type CanarySettings = Pick<CanaryConfig, 'every' | 'within'>;

/**
 * One round of the self-test: looks whether canaries that are on their way came up through the tail, and signs another
 * when its time has come.
 *
 * @returns what is to be told of it; null where nothing happened.
 */
export async function runCanary(
  ctx: ServiceContext,
  settings: CanarySettings,
  tools: CanaryTools,
): Promise<string | null> {
  const seen = seeCanaries(ctx);
  const last = ctx.database.db.select().from(canaries).orderBy(desc(canaries.signedAt), desc(canaries.id)).get();
  const wait = last?.error ? Math.min(settings.every, RETRY_AFTER) : settings.every;
  if (last && ctx.now() - last.signedAt < wait) return seen;
  await makeCanary(ctx, tools);
  return seen;
}

/** Notes of each canary on its way whether its event is in the database, read from the log by our own tail. */
export function seeCanaries(ctx: ServiceContext): string | null {
  const { db } = ctx.database;
  const now = ctx.now();
  const waiting = db
    .select()
    .from(canaries)
    .where(and(isNull(canaries.seenAt), isNull(canaries.error), gte(canaries.signedAt, now - LOOKED_FOR)))
    .all();
  let told: string | null = null;
  for (const { id, digest, logOrigin, logIndex, signedAt } of waiting) {
    if (logOrigin === null || logIndex === null) continue;
    const event = db
      .select({ id: events.id })
      .from(events)
      .innerJoin(logs, eq(logs.id, events.logId))
      .where(
        and(
          eq(events.digest, digest),
          eq(logs.origin, logOrigin),
          eq(events.logIndex, logIndex),
          eq(events.seenBy, 'tail'),
          // What is read and not part of a proved whole yet may be forgotten again.
          lt(events.logIndex, logs.verifiedSize),
          eq(events.authenticity, 'verified'),
        ),
      )
      .get();
    if (!event) continue;
    db.update(canaries).set({ seenAt: now, eventId: event.id }).where(eq(canaries.id, id)).run();
    told = `the canary of entry ${logIndex} of ${logOrigin} was seen after ${now - signedAt} ms`;
  }
  return told;
}

/** Declares, signs and notes one. What fails is noted as well: it is what the self-test found. */
async function makeCanary(ctx: ServiceContext, tools: CanaryTools): Promise<void> {
  const { db } = ctx.database;
  const startedAt = ctx.now();
  const { bytes, digest } = freshCanary(startedAt);
  // Before it is signed: it must never look like a signing that nobody can account for.
  const until = { validUntilAt: startedAt + LOOKED_FOR };
  declareExpected(ctx, { digest, note: 'self-test', ...until }, { source: 'canary', declaredBy: 'canary' });
  forgetUnsigned(ctx, startedAt);
  try {
    const signed = await signCanary(bytes, tools);
    const origin = db.select({ origin: logs.origin }).from(logs).where(eq(logs.logId, signed.logId)).get()?.origin;
    if (origin === undefined) {
      throw new Error('It was signed into a log that is not followed here: follow that log, or sign into another.');
    }
    db.insert(canaries).values({ digest, signedAt: ctx.now(), logOrigin: origin, logIndex: signed.logIndex }).run();
  } catch (error) {
    // It may stand in a log all the same, and stays declared: an answer can be lost on its way.
    db.insert(canaries)
      .values({ digest, signedAt: startedAt, error: (error as Error).message.slice(0, 500) })
      .run();
    throw error;
  }
}

/** Declarations of canaries that never came up, once their time is over. */
function forgetUnsigned({ database: { db } }: ServiceContext, now: number): void {
  const { source, used, validUntil } = expectedSignings;
  db.delete(expectedSignings)
    .where(and(eq(source, 'canary'), eq(used, 0), lt(validUntil, now)))
    .run();
}
