import { desc, max } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { jobLeases, jobRuns } from '#db/schema/job.ts';

/** Jobs renew their lease several times in this span. */
const SILENCE = 60_000;

const inputSchema = z.object({ now: z.int() });

export interface JobHealth {
  readonly isRunning: boolean;
  /** When a job last began or ended; null where none ever did. */
  readonly lastSeenAt: number | null;
  readonly runs: readonly (typeof jobRuns.$inferSelect)[];
}

/** Whether the jobs live: one holds its lease, or one began or ended a moment ago. */
export async function getJobHealth({ db }: OpenDatabase, input: z.input<typeof inputSchema>): Promise<JobHealth> {
  const { now } = inputSchema.parse(input);
  const runs = db.select().from(jobRuns).orderBy(desc(jobRuns.startedAt)).all();
  const lease =
    db
      .select({ expiresAt: max(jobLeases.expiresAt) })
      .from(jobLeases)
      .get()?.expiresAt ?? null;
  const times = runs.flatMap(({ startedAt, finishedAt }) => [startedAt, finishedAt ?? startedAt]);
  const lastSeenAt = times.length === 0 ? null : Math.max(...times);
  const holdsLease = lease !== null && lease > now;
  return { isRunning: holdsLease || (lastSeenAt !== null && now - lastSeenAt < SILENCE), lastSeenAt, runs };
}
