import type { OpenDatabase } from '#db/client.ts';
import { versionKey } from '#lib/provenance/public-slug.ts';
import type { Shared } from './find-publication.ts';
import { versionsOfTarget } from './versions-of-target.ts';

/**
 * Which version an address means: the one whose root begins with `key`, else the newest. Null where there is none, or it
 * is not public.
 */
export function findPublicVersion({ db }: OpenDatabase, shared: Shared, key: string | null): string | null {
  const target = versionsOfTarget(db, shared);
  if (!target) return null;
  if (key === null) return target.shownId;
  const [only, ...others] = target.all.filter(({ root }) => versionKey(root) === key);
  if (!only || others.length > 0) return null;
  // Without its history a model is its newest version, and says nothing of the others.
  return only.id === target.shownId || shared.parts.history ? only.id : null;
}
