import { and, desc, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { verificationRuns } from '#db/schema/verification.ts';
import { FILE_STATES, type FileAnswer } from '#lib/hash-list/file-answer.ts';
import { unpackAnswer } from './stored.ts';

const inputSchema = z.object({
  id: z.string().max(100),
  /** The id of a run; the latest where not said. */
  run: z.int().optional(),
  state: z.enum(FILE_STATES).optional(),
  /** How many files (of this state) to pass over: `next` of the page before. */
  after: z.int().min(0).optional(),
  limit: z.int().min(1).max(10_000),
});

export interface VerificationFilePage {
  readonly run: number;
  readonly files: readonly FileAnswer[];
  /** Files of this state in all. */
  readonly total: number;
  /** Null on the last page. */
  readonly next: number | null;
}

/** The files of one answer, a page at a time, worst states first; null where there is no such receipt or run. */
export async function listVerificationFiles(
  { db }: OpenDatabase,
  input: z.input<typeof inputSchema>,
): Promise<VerificationFilePage | null> {
  const { id, run, state, after = 0, limit } = inputSchema.parse(input);
  const row = db
    .select({ id: verificationRuns.id, answer: verificationRuns.answer })
    .from(verificationRuns)
    .where(and(eq(verificationRuns.verificationId, id), run === undefined ? undefined : eq(verificationRuns.id, run)))
    .orderBy(desc(verificationRuns.id))
    .limit(1)
    .get();
  if (!row) return null;
  const { files } = unpackAnswer(row.answer);
  const chosen = state === undefined ? files : files.filter((file) => file.state === state);
  const end = after + limit;
  return {
    run: row.id,
    files: chosen.slice(after, end),
    total: chosen.length,
    next: end < chosen.length ? end : null,
  };
}
