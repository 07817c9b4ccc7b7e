import { and, desc, eq, isNotNull, lt } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { checkpoints, logFaults } from '#db/schema/log.ts';
import { addFacts, type LogFault, type LogSummary, selectLogs, withoutEvidence } from './list.ts';
import { type Cosigner, readCosigners } from './read-cosigners.ts';

const inputSchema = z.object({
  id: z.int().positive(),
  /** Checkpoints stored before this one, for the next page. */
  before: z.int().positive().optional(),
});

export type StoredCheckpoint = Omit<typeof checkpoints.$inferSelect, 'cosigners'> & {
  readonly cosigners: readonly Cosigner[];
};

export interface LogDetail {
  readonly log: LogSummary;
  readonly checkpoints: readonly StoredCheckpoint[];
  /** Where the next page begins; null on the last. */
  readonly olderThan: number | null;
  /** Closed faults, newest first. */
  readonly pastFaults: readonly LogFault[];
}

const CHECKPOINTS_A_PAGE = 25;
const PAST_FAULT_LIMIT = 50;

/** One log with a page of its checkpoints, newest first, and its faults; null where there is none. */
export async function getLog(database: OpenDatabase, input: z.input<typeof inputSchema>): Promise<LogDetail | null> {
  const { id, before } = inputSchema.parse(input);
  const [head] = selectLogs(database, id);
  if (!head) return null;
  const { db } = database;
  const found = db
    .select()
    .from(checkpoints)
    .where(and(eq(checkpoints.logId, id), before === undefined ? undefined : lt(checkpoints.id, before)))
    .orderBy(desc(checkpoints.id))
    .limit(CHECKPOINTS_A_PAGE + 1)
    .all();
  const page = found.slice(0, CHECKPOINTS_A_PAGE);
  return {
    log: addFacts(database, head),
    checkpoints: page.map((row) => ({ ...row, cosigners: readCosigners(row.cosigners) })),
    olderThan: found.length > page.length ? (page.at(-1)?.id ?? null) : null,
    pastFaults: db
      .select()
      .from(logFaults)
      .where(and(eq(logFaults.logId, id), isNotNull(logFaults.resolvedAt)))
      .orderBy(desc(logFaults.lastAt))
      .limit(PAST_FAULT_LIMIT)
      .all()
      .map(withoutEvidence),
  };
}
