import { desc, eq, inArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { models, versions } from '#db/schema/model.ts';
import { verificationRuns, verifications } from '#db/schema/verification.ts';
import { RUN_FACTS, type RunFacts } from './stored.ts';

const placeSchema = z.object({ at: z.int(), id: z.string().max(100) });

export type VerificationPlace = z.infer<typeof placeSchema>;

const inputSchema = z.object({
  /** Receipts older than this one, for the next page. */
  olderThan: placeSchema.optional(),
  limit: z.int().min(1).max(200),
});

export interface VerificationSummary
  extends Pick<
    typeof verifications.$inferSelect,
    'id' | 'createdAt' | 'channel' | 'source' | 'place' | 'form' | 'name' | 'fileCount'
  > {
  readonly latest: RunFacts;
  /** The version that it is by the latest answer, or comes closest to; null where none. */
  readonly version: {
    readonly modelName: string;
    readonly modelSlug: string;
    readonly versionId: string;
    readonly label: string | null;
  } | null;
}

export interface VerificationPage {
  readonly verifications: readonly VerificationSummary[];
  readonly next: VerificationPlace | null;
}

/** Receipts, the newest first, each with its latest answer. */
export async function listVerifications(
  { db }: OpenDatabase,
  input: z.input<typeof inputSchema>,
): Promise<VerificationPage> {
  const { olderThan, limit } = inputSchema.parse(input);
  const newestRun = db
    .select({ id: sql<number>`max(${verificationRuns.id})` })
    .from(verificationRuns)
    .where(eq(verificationRuns.verificationId, verifications.id));
  const { id, createdAt, channel, source, place, form, name, fileCount } = verifications;
  const found = db
    .select({
      verification: { id, createdAt, channel, source, place, form, name, fileCount },
      latest: RUN_FACTS,
      model: { modelName: models.name, modelSlug: models.slug, label: versions.label },
    })
    .from(verifications)
    .innerJoin(verificationRuns, inArray(verificationRuns.id, newestRun))
    .leftJoin(versions, eq(versions.id, verificationRuns.versionId))
    .leftJoin(models, eq(models.id, versions.modelId))
    .where(olderThan && sql`(${createdAt}, ${id}) < (${olderThan.at}, ${olderThan.id})`)
    .orderBy(desc(createdAt), desc(id))
    .limit(limit + 1)
    .all();
  const page = found.slice(0, limit).map(({ verification, latest, model }): VerificationSummary => {
    const { modelName, modelSlug, label } = model ?? {};
    const { versionId } = latest;
    const isKnown = versionId !== null && modelName != null && modelSlug != null;
    return {
      ...verification,
      latest,
      version: isKnown ? { modelName, modelSlug, versionId, label: label ?? null } : null,
    };
  });
  const last = page.at(-1);
  return {
    verifications: page,
    next: last && found.length > limit ? { at: last.createdAt, id: last.id } : null,
  };
}
