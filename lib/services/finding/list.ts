import { and, desc, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { findings } from '#db/schema/finding.ts';
import { models } from '#db/schema/model.ts';

const placeSchema = z.object({ firstAt: z.int(), id: z.string().max(100) });

export type FindingPlace = z.infer<typeof placeSchema>;

const inputSchema = z.object({
  /** `open`: what is so still. `resolved`: what was so. */
  state: z.enum(['open', 'resolved']).optional(),
  kind: z.enum(findings.kind.enumValues).optional(),
  /** The model's slug. */
  model: z.string().max(200).optional(),
  /** Findings older than this one, for the next page. */
  olderThan: placeSchema.optional(),
  limit: z.int().min(1).max(200),
});

export interface FindingPage {
  readonly findings: readonly ListedFinding[];
  readonly next: FindingPlace | null;
}

export type ListedFinding = Omit<typeof findings.$inferSelect, 'evidence' | 'modelId'> & {
  /** Null where the model is gone. */
  readonly model: { readonly id: string; readonly name: string; readonly slug: string } | null;
  /** Label to value: what was compared. */
  readonly evidence: Readonly<Record<string, string>>;
};

/** Findings about all models, the newest first. */
export async function listFindings({ db }: OpenDatabase, input: z.input<typeof inputSchema>): Promise<FindingPage> {
  const { state, kind, model, olderThan, limit } = inputSchema.parse(input);
  const found = db
    .select({ finding: findings, model: { id: models.id, name: models.name, slug: models.slug } })
    .from(findings)
    .leftJoin(models, eq(models.id, findings.modelId))
    .where(
      and(
        state && (state === 'open' ? isNull(findings.resolvedAt) : isNotNull(findings.resolvedAt)),
        kind && eq(findings.kind, kind),
        model === undefined ? undefined : eq(models.slug, model),
        olderThan && sql`(${findings.firstAt}, ${findings.id}) < (${olderThan.firstAt}, ${olderThan.id})`,
      ),
    )
    .orderBy(desc(findings.firstAt), desc(findings.id))
    .limit(limit + 1)
    .all();
  const page = found.slice(0, limit);
  const last = page.at(-1)?.finding;
  return {
    findings: page.map(({ finding: { evidence, modelId: _, ...finding }, model: about }) => ({
      ...finding,
      model: about,
      evidence: JSON.parse(evidence) as Record<string, string>,
    })),
    next: last && found.length > limit ? { firstAt: last.firstAt, id: last.id } : null,
  };
}
