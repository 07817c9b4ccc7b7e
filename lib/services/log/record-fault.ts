import { and, eq, isNull, sql } from 'drizzle-orm';
import { logFaults, logs } from '#db/schema/log.ts';
import { FetchError } from '#lib/rekor/fetch-error.ts';
import { LogDataError } from '#lib/rekor/log-data-error.ts';
import type { ServiceContext } from '#lib/services/context.ts';

/**
 * Records what went wrong with a log: one open row a code, counted. Proved misbehaviour freezes the log: nothing is taken
 * from it until an operator has looked.
 */
export function recordFault(ctx: ServiceContext, log: { id: number; origin: string }, error: unknown): void {
  const { db } = ctx.database;
  const fault = describe(error);
  const at = ctx.now();
  db.transaction(
    (tx) => {
      const counted = tx
        .update(logFaults)
        .set({ lastAt: at, count: sql`${logFaults.count} + 1`, message: fault.message, evidence: fault.evidence })
        .where(and(eq(logFaults.logId, log.id), eq(logFaults.code, fault.code), isNull(logFaults.resolvedAt)))
        .run();
      if (counted.changes === 0)
        tx.insert(logFaults)
          .values({ logId: log.id, firstAt: at, lastAt: at, ...fault })
          .run();
      if (fault.severity === 'misbehaviour') tx.update(logs).set({ state: 'frozen' }).where(eq(logs.id, log.id)).run();
    },
    { behavior: 'immediate' },
  );
  const level = fault.severity === 'misbehaviour' ? 'fatal' : 'warn';
  ctx.log[level]({ origin: log.origin, code: fault.code }, fault.message);
}

/** Closes the passing faults of a log that has answered well; proved misbehaviour stays open. */
export function resolveFaults(ctx: ServiceContext, log: { id: number; origin: string }): void {
  const closed = ctx.database.db
    .update(logFaults)
    .set({ resolvedAt: ctx.now() })
    .where(and(eq(logFaults.logId, log.id), isNull(logFaults.resolvedAt), eq(logFaults.severity, 'failure')))
    .run();
  if (closed.changes > 0) ctx.log.info({ origin: log.origin, faults: closed.changes }, 'log is well again');
}

function describe(error: unknown) {
  if (error instanceof LogDataError) {
    return {
      code: error.code,
      severity: error.isMisbehaviour ? ('misbehaviour' as const) : ('failure' as const),
      message: error.message,
      evidence: Object.keys(error.evidence).length > 0 ? JSON.stringify(error.evidence) : null,
    };
  }
  const code = error instanceof FetchError ? error.code : 'internal-error';
  const message = error instanceof Error ? error.message : String(error);
  return { code, severity: 'failure' as const, message, evidence: null };
}
