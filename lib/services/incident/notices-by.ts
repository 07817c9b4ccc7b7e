import { eq, inArray } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { bundles } from '#db/schema/bundle.ts';
import { versions } from '#db/schema/model.ts';
import type { UseNotice } from '#lib/provenance/use-notice.ts';
import { inBatches } from '#lib/services/graph/batch.ts';
import { allNoticesOf } from './all-notices-of.ts';

interface Pair {
  readonly key: string;
  readonly artifactId: number | null;
}

/** By version, what stands against using it. */
export function noticesOfVersions({ db }: OpenDatabase, versionIds: readonly string[]): Map<string, UseNotice[]> {
  const read = inBatches<string, Pair>((keys) =>
    db
      .select({ key: versions.id, artifactId: versions.artifactId })
      .from(versions)
      .where(inArray(versions.id, keys))
      .prepare(),
  );
  return byKey(db, read(versionIds));
}

/** By signing event, what stands against using the model whose files it signed. */
export function noticesOfEvents({ db }: OpenDatabase, eventIds: readonly string[]): Map<string, UseNotice[]> {
  const read = inBatches<string, { key: string | null; artifactId: number | null }>((keys) =>
    db
      .selectDistinct({ key: bundles.eventId, artifactId: versions.artifactId })
      .from(bundles)
      .innerJoin(versions, eq(versions.id, bundles.versionId))
      .where(inArray(bundles.eventId, keys))
      .prepare(),
  );
  return byKey(
    db,
    read(eventIds).flatMap(({ key, artifactId }) => (key === null ? [] : [{ key, artifactId }])),
  );
}

function byKey(db: OpenDatabase['db'], pairs: readonly Pair[]): Map<string, UseNotice[]> {
  const found = allNoticesOf(
    db,
    pairs.flatMap(({ artifactId }) => artifactId ?? []),
  );
  const notices = new Map<string, UseNotice[]>();
  for (const { key, artifactId } of pairs) {
    const own = found.get(artifactId ?? 0);
    if (own) notices.set(key, [...(notices.get(key) ?? []), ...own]);
  }
  return notices;
}
