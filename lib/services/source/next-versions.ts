import { and, asc, desc, eq, gt, inArray, lt, or } from 'drizzle-orm';
import { z } from 'zod';
import { artifactAliases } from '#db/schema/artifact.ts';
import { versionFiles, versions } from '#db/schema/model.ts';
import type { ServiceContext } from '#lib/services/context.ts';

const placeSchema = z.object({ at: z.number(), id: z.string() });
type Place = z.infer<typeof placeSchema>;

/** How far a source has asked about our versions: up to the newest one known, and how far down in the round under way. */
export const askedSchema = z
  .object({ newest: placeSchema.nullable(), down: placeSchema.nullable() })
  .catch({ newest: null, down: null });
export type Asked = z.infer<typeof askedSchema>;

export interface AskedVersion {
  readonly id: string;
  /** Both OMS roots, SHA-256 in lowercase hex. */
  readonly roots: readonly string[];
}

/**
 * The versions to ask about next: first those that came since the last look, then the others from the newest down, round
 * after round. So what is new is asked about soon, nothing is passed over, and one look is bounded.
 */
export function nextVersions(
  ctx: ServiceContext,
  asked: Asked,
  limit: number,
): { versions: AskedVersion[]; asked: Asked } {
  const fresh = asked.newest ? readVersions(ctx, 'up', asked.newest, limit) : [];
  const left = limit - fresh.length;
  // One more than is asked about tells whether the round ends here: the next then begins at the top.
  const below = left > 0 ? readVersions(ctx, 'down', asked.down, left + 1) : [];
  const rest = below.slice(0, Math.max(left, 0));
  const lastFresh = fresh.at(-1);
  const newest = lastFresh ? placeOf(lastFresh) : (asked.newest ?? (rest[0] ? placeOf(rest[0]) : null));
  const last = rest.at(-1);
  const hasEnded = below.length <= left;
  const down = left <= 0 ? asked.down : hasEnded || !last ? null : placeOf(last);
  const rows = [...new Map([...fresh, ...rest].map((row) => [row.id, row])).values()];
  return { versions: rows.map((row) => ({ id: row.id, roots: rootsOf(ctx, row) })), asked: { newest, down } };
}

type VersionRow = Pick<typeof versions.$inferSelect, 'id' | 'root' | 'artifactId' | 'firstSeenAt'>;

function placeOf({ firstSeenAt, id }: VersionRow): Place {
  return { at: firstSeenAt, id };
}

function readVersions(
  { database }: ServiceContext,
  way: 'up' | 'down',
  from: Place | null,
  limit: number,
): VersionRow[] {
  if (limit <= 0) return [];
  const { firstSeenAt, id } = versions;
  const [beyond, order] = way === 'up' ? [gt, asc] : [lt, desc];
  return database.db
    .select({ id, root: versions.root, artifactId: versions.artifactId, firstSeenAt })
    .from(versions)
    .where(from ? or(beyond(firstSeenAt, from.at), and(eq(firstSeenAt, from.at), beyond(id, from.id))) : undefined)
    .orderBy(order(firstSeenAt), order(id))
    .limit(limit)
    .all();
}

function rootsOf({ database }: ServiceContext, { root, artifactId }: VersionRow): string[] {
  if (artifactId === null) return [root];
  const rows = database.db
    .select({ value: artifactAliases.value })
    .from(artifactAliases)
    .where(
      and(
        eq(artifactAliases.artifactId, artifactId),
        eq(artifactAliases.scheme, 'sha256'),
        inArray(artifactAliases.kind, ['oms-root', 'other-order-root']),
      ),
    )
    .all();
  return [...new Set([root, ...rows.map(({ value }) => value)])];
}

/** Digests of a version's files, as far as they are SHA-256 of whole files; the first of a long list. */
export function fileDigestsOf({ database }: ServiceContext, versionId: string, limit: number): string[] {
  return database.db
    .select({ digest: versionFiles.digest })
    .from(versionFiles)
    .where(and(eq(versionFiles.versionId, versionId), eq(versionFiles.algorithm, 'sha256')))
    .orderBy(asc(versionFiles.position))
    .limit(limit)
    .all()
    .map(({ digest }) => digest);
}
