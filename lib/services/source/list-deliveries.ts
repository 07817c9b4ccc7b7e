import { and, count, desc, eq, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { bundles } from '#db/schema/bundle.ts';
import { models, versions } from '#db/schema/model.ts';
import { deliveries } from '#db/schema/source.ts';

const inputSchema = z.object({
  outcome: z.enum(['accepted', 'refused']).optional(),
  source: z.string().max(512).optional(),
  /** Files after this one in the list, for the next page. */
  after: z.object({ outcome: z.enum(['accepted', 'refused']), checkedAt: z.int(), id: z.int() }).optional(),
  limit: z.int().min(1).max(500),
});

export interface DeliveryPage {
  readonly files: readonly ListedDelivery[];
  readonly next: NonNullable<z.infer<typeof inputSchema>['after']> | null;
  readonly counts: { readonly accepted: number; readonly refused: number };
}

export type ListedDelivery = ReturnType<typeof selectFiles>[number];

/** What was brought, by whatever way, with what became of it: refused ones first, then the latest first. */
export async function listDeliveries(
  database: OpenDatabase,
  input: z.input<typeof inputSchema>,
): Promise<DeliveryPage> {
  const { outcome, source, after, limit } = inputSchema.parse(input);
  const bySource = source === undefined ? undefined : eq(deliveries.source, source);
  const place = after && placeCondition(after);
  const found = selectFiles(
    database,
    and(bySource, outcome === undefined ? undefined : eq(deliveries.outcome, outcome), place),
    limit + 1,
  );
  const files = found.slice(0, limit);
  const last = files.at(-1);
  const counted = database.db
    .select({ outcome: deliveries.outcome, files: count() })
    .from(deliveries)
    .where(bySource)
    .groupBy(deliveries.outcome)
    .all();
  const countOf = (which: 'accepted' | 'refused') => counted.find((row) => row.outcome === which)?.files ?? 0;
  return {
    files,
    next: last && found.length > limit ? { outcome: last.outcome, checkedAt: last.checkedAt, id: last.id } : null,
    counts: { accepted: countOf('accepted'), refused: countOf('refused') },
  };
}

function placeCondition(after: { outcome: 'accepted' | 'refused'; checkedAt: number; id: number }): SQL {
  const later = sql`(${deliveries.checkedAt}, ${deliveries.id}) < (${after.checkedAt}, ${after.id})`;
  return after.outcome === 'accepted'
    ? sql`(${deliveries.outcome} = 'accepted' AND ${later})`
    : sql`(${deliveries.outcome} = 'accepted' OR (${deliveries.outcome} = 'refused' AND ${later}))`;
}

function selectFiles({ db }: OpenDatabase, condition: SQL | undefined, limit: number) {
  return db
    .select({
      id: deliveries.id,
      source: deliveries.source,
      path: deliveries.path,
      size: deliveries.size,
      modifiedAt: deliveries.modifiedAt,
      sha256: deliveries.sha256,
      channel: deliveries.channel,
      at: deliveries.at,
      outcome: deliveries.outcome,
      reasonCode: deliveries.reasonCode,
      reason: deliveries.reason,
      checkedAt: deliveries.checkedAt,
      eventId: bundles.eventId,
      predicateType: bundles.predicateType,
      model: models.name,
      slug: models.slug,
    })
    .from(deliveries)
    .leftJoin(bundles, eq(bundles.id, deliveries.bundleId))
    .leftJoin(versions, eq(versions.id, bundles.versionId))
    .leftJoin(models, eq(models.id, versions.modelId))
    .where(condition)
    .orderBy(desc(deliveries.outcome), desc(deliveries.checkedAt), desc(deliveries.id))
    .limit(limit)
    .all();
}
