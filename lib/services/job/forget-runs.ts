import { notInArray } from 'drizzle-orm';
import { jobRuns } from '#db/schema/job.ts';
import type { ServiceContext } from '#lib/services/context.ts';

/** Forgets how jobs did that a changed configuration does not have any more: nobody could mend what they failed at. */
export function forgetOtherRuns(ctx: ServiceContext, names: readonly string[]): void {
  ctx.database.db
    .delete(jobRuns)
    .where(notInArray(jobRuns.name, [...names]))
    .run();
}
