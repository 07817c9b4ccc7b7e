import { eq } from 'drizzle-orm';
import { jobRuns } from '#db/schema/job.ts';
import type { ServiceContext } from '#lib/services/context.ts';

/** Notes that a job begins; the pages tell from it that the jobs are alive. */
export function recordRunStart(ctx: ServiceContext, name: string): void {
  const run = { startedAt: ctx.now() };
  ctx.database.db
    .insert(jobRuns)
    .values({ name, ...run })
    .onConflictDoUpdate({ target: jobRuns.name, set: run })
    .run();
}

export function recordRunEnd(ctx: ServiceContext, name: string, error: string | null): void {
  ctx.database.db.update(jobRuns).set({ finishedAt: ctx.now(), error }).where(eq(jobRuns.name, name)).run();
}
