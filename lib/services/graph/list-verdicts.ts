import { and, desc, eq, lt, or } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { verdicts } from '#db/schema/artifact.ts';

const inputSchema = z.object({
  artifactId: z.int(),
  /** Place of the last row of the page before. */
  before: z.object({ at: z.int(), id: z.int() }).optional(),
  limit: z.int().min(1).max(500),
});

export type Verdict = typeof verdicts.$inferSelect;

/** The history of an artifact's verdict, newest first. */
export async function listVerdicts({ db }: OpenDatabase, input: z.input<typeof inputSchema>): Promise<Verdict[]> {
  const { artifactId, before, limit } = inputSchema.parse(input);
  const isOlder = before && or(lt(verdicts.at, before.at), and(eq(verdicts.at, before.at), lt(verdicts.id, before.id)));
  return db
    .select()
    .from(verdicts)
    .where(and(eq(verdicts.artifactId, artifactId), isOlder))
    .orderBy(desc(verdicts.at), desc(verdicts.id))
    .limit(limit)
    .all();
}
