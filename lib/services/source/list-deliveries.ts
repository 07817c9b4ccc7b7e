import { and, count, desc, eq, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { bundles, sourceFiles } from '#db/schema/bundle.ts';
import { models, versions } from '#db/schema/model.ts';

const inputSchema = z.object({
  outcome: z.enum(['accepted', 'refused']).optional(),
  source: z.string().max(512).optional(),
  /** Files after this one in the list, for the next page. */
  after: z.object({ outcome: z.enum(['accepted', 'refused']), checkedAt: z.int(), id: z.int() }).optional(),
  limit: z.int().min(1).max(500),
});

export interface SourceFilePage {
  readonly files: readonly SourceFileRow[];
  readonly next: NonNullable<z.infer<typeof inputSchema>['after']> | null;
  readonly counts: { readonly accepted: number; readonly refused: number };
}

export type SourceFileRow = ReturnType<typeof selectFiles>[number];

/** Files of the watched directories with what became of them: refused ones first, then the latest first. */
export async function listSourceFiles(
  database: OpenDatabase,
  input: z.input<typeof inputSchema>,
): Promise<SourceFilePage> {
  const { outcome, source, after, limit } = inputSchema.parse(input);
  const bySource = source === undefined ? undefined : eq(sourceFiles.source, source);
  const place = after && placeCondition(after);
  const found = selectFiles(
    database,
    and(bySource, outcome === undefined ? undefined : eq(sourceFiles.outcome, outcome), place),
    limit + 1,
  );
  const files = found.slice(0, limit);
  const last = files.at(-1);
  const counted = database.db
    .select({ outcome: sourceFiles.outcome, files: count() })
    .from(sourceFiles)
    .where(bySource)
    .groupBy(sourceFiles.outcome)
    .all();
  const countOf = (which: 'accepted' | 'refused') => counted.find((row) => row.outcome === which)?.files ?? 0;
  return {
    files,
    next: last && found.length > limit ? { outcome: last.outcome, checkedAt: last.checkedAt, id: last.id } : null,
    counts: { accepted: countOf('accepted'), refused: countOf('refused') },
  };
}

function placeCondition(after: { outcome: 'accepted' | 'refused'; checkedAt: number; id: number }): SQL {
  const later = sql`(${sourceFiles.checkedAt}, ${sourceFiles.id}) < (${after.checkedAt}, ${after.id})`;
  return after.outcome === 'accepted'
    ? sql`(${sourceFiles.outcome} = 'accepted' AND ${later})`
    : sql`(${sourceFiles.outcome} = 'accepted' OR (${sourceFiles.outcome} = 'refused' AND ${later}))`;
}

function selectFiles({ db }: OpenDatabase, condition: SQL | undefined, limit: number) {
  return db
    .select({
      id: sourceFiles.id,
      source: sourceFiles.source,
      path: sourceFiles.path,
      size: sourceFiles.size,
      modifiedAt: sourceFiles.modifiedAt,
      sha256: sourceFiles.sha256,
      outcome: sourceFiles.outcome,
      reasonCode: sourceFiles.reasonCode,
      reason: sourceFiles.reason,
      checkedAt: sourceFiles.checkedAt,
      eventId: bundles.eventId,
      predicateType: bundles.predicateType,
      model: models.name,
      slug: models.slug,
    })
    .from(sourceFiles)
    .leftJoin(bundles, eq(bundles.id, sourceFiles.bundleId))
    .leftJoin(versions, eq(versions.id, bundles.versionId))
    .leftJoin(models, eq(models.id, versions.modelId))
    .where(condition)
    .orderBy(desc(sourceFiles.outcome), desc(sourceFiles.checkedAt), desc(sourceFiles.id))
    .limit(limit)
    .all();
}
