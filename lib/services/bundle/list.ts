import { and, desc, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { bundles } from '#db/schema/bundle.ts';

const placeSchema = z.object({ firstSeenAt: z.int(), id: z.string().max(100) });

export type BundlePlace = z.infer<typeof placeSchema>;

const inputSchema = z.object({
  state: z.enum(['verified', 'refused']),
  /** Of refused ones: only those refused for this reason. */
  reasonCode: z.string().max(100).optional(),
  /** Bundles older than this one, for the next page. */
  olderThan: placeSchema.optional(),
  limit: z.int().min(1).max(200),
});

export interface BundlePage {
  readonly bundles: readonly ListedBundle[];
  readonly next: BundlePlace | null;
}

export type ListedBundle = ReturnType<typeof selectBundles>[number];

/** Bundles in one state, the last handed in first. */
export async function listBundles(database: OpenDatabase, input: z.input<typeof inputSchema>): Promise<BundlePage> {
  const { limit, ...filter } = inputSchema.parse(input);
  const found = selectBundles(database, filter, limit + 1);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    bundles: page,
    next: last && found.length > limit ? { firstSeenAt: last.firstSeenAt, id: last.id } : null,
  };
}

function selectBundles(
  { db }: OpenDatabase,
  { state, reasonCode, olderThan }: Omit<z.output<typeof inputSchema>, 'limit'>,
  limit: number,
) {
  return db
    .select({
      id: bundles.id,
      sha256: bundles.sha256,
      mediaType: bundles.mediaType,
      content: bundles.content,
      state: bundles.state,
      reasonCode: bundles.reasonCode,
      reason: bundles.reason,
      at: bundles.at,
      method: bundles.method,
      predicateType: bundles.predicateType,
      san: bundles.san,
      issuer: bundles.issuer,
      signedAt: bundles.signedAt,
      signedAtSource: bundles.signedAtSource,
      logIndex: bundles.logIndex,
      versionId: bundles.versionId,
      eventId: bundles.eventId,
      firstSeenAt: bundles.firstSeenAt,
    })
    .from(bundles)
    .where(
      and(
        eq(bundles.state, state),
        reasonCode === undefined ? undefined : eq(bundles.reasonCode, reasonCode),
        olderThan && sql`(${bundles.firstSeenAt}, ${bundles.id}) < (${olderThan.firstSeenAt}, ${olderThan.id})`,
      ),
    )
    .orderBy(desc(bundles.firstSeenAt), desc(bundles.id))
    .limit(limit)
    .all();
}
