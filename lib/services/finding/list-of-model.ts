import { asc, count, desc, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { findings } from '#db/schema/finding.ts';

const inputSchema = z.object({ modelId: z.string().max(100), limit: z.int().min(1).max(500) });

export type ModelFinding = Omit<typeof findings.$inferSelect, 'evidence' | 'modelId'> & {
  /** Label to value: what was compared. */
  readonly evidence: Readonly<Record<string, string>>;
};

/** What there is and was to look at about a model: what is so still first, then the newest first. */
export async function listFindingsOfModel(
  { db }: OpenDatabase,
  input: z.input<typeof inputSchema>,
): Promise<ModelFinding[]> {
  const { modelId, limit } = inputSchema.parse(input);
  return db
    .select()
    .from(findings)
    .where(eq(findings.modelId, modelId))
    .orderBy(sql`${findings.resolvedAt} IS NOT NULL`, desc(findings.firstAt), asc(findings.id))
    .limit(limit)
    .all()
    .map(({ modelId: _, evidence, ...finding }) => ({
      ...finding,
      evidence: JSON.parse(evidence) as Record<string, string>,
    }));
}

/** How many findings there are about a model: what is so still, and what was so. */
export async function countFindingsOfModel(
  { db }: OpenDatabase,
  { modelId }: { modelId: string },
): Promise<{ open: number; past: number }> {
  const counted = db
    .select({ all: count(), past: count(findings.resolvedAt) })
    .from(findings)
    .where(eq(findings.modelId, modelId))
    .get();
  const { all, past } = counted ?? { all: 0, past: 0 };
  return { open: all - past, past };
}
