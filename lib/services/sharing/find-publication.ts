import { eq } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { publications } from '#db/schema/sharing.ts';
import { isPublicSlug } from '#lib/provenance/public-slug.ts';
import type { SharedParts } from '#lib/provenance/shared-parts.ts';
import { readParts } from './read-parts.ts';
import type { Target } from './target.ts';

/** What an address shows to outsiders. */
export interface Shared extends Target {
  readonly parts: SharedParts;
}

export interface FoundPublication extends Shared {
  readonly id: string;
  readonly slug: string;
  readonly publishedAt: number;
}

/** What a public address leads to: a page, a page that was taken back, or nothing that ever was. */
export function findPublication({ db }: OpenDatabase, slug: string): FoundPublication | 'withdrawn' | null {
  if (!isPublicSlug(slug)) return null;
  const row = db.select().from(publications).where(eq(publications.slug, slug)).get();
  if (!row) return null;
  if (row.withdrawnAt !== null) return 'withdrawn';
  const { id, kind, targetId, publishedAt } = row;
  return { id, slug, kind, targetId, publishedAt, parts: readParts(row.parts) };
}
