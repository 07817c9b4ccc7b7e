import { and, asc, eq, gt } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { models, versionFiles, versions } from '#db/schema/model.ts';
import type { ListedFile } from '#lib/provenance/version-diff.ts';

const inputSchema = z.object({
  slug: z.string().max(200),
  versionId: z.string().max(100),
  /** Files after this position, for the next page. */
  after: z.int().optional(),
  limit: z.int().min(1).max(10_000),
});

export interface FilePage {
  readonly files: readonly ListedFile[];
  /** The position of the last file of the page; null on the last page. */
  readonly next: number | null;
}

/** The files of a version in the order of its signed manifest; null where the model has no such version. */
export async function listFiles({ db }: OpenDatabase, input: z.input<typeof inputSchema>): Promise<FilePage | null> {
  const { slug, versionId, after, limit } = inputSchema.parse(input);
  const version = db
    .select({ id: versions.id })
    .from(versions)
    .innerJoin(models, eq(models.id, versions.modelId))
    .where(and(eq(versions.id, versionId), eq(models.slug, slug)))
    .get();
  if (!version) return null;
  const found = db
    .select()
    .from(versionFiles)
    .where(
      and(eq(versionFiles.versionId, versionId), after === undefined ? undefined : gt(versionFiles.position, after)),
    )
    .orderBy(asc(versionFiles.position))
    .limit(limit + 1)
    .all();
  const page = found.slice(0, limit);
  return {
    files: page.map(({ path, algorithm, digest }) => ({ path, algorithm, digest })),
    next: found.length > limit ? (page.at(-1)?.position ?? null) : null,
  };
}
