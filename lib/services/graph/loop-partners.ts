import { and, eq, inArray } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { links } from '#db/schema/artifact.ts';
import { LOOP_REASON } from '#lib/provenance/judge-link.ts';
import { inBatches } from './batch.ts';

/** All artifacts on the loops, as they are marked, that run through these; these themselves only where they are on one. */
export function artifactsOnLoops(tx: Writer, ids: readonly number[]): number[] {
  const marked = eq(links.reason, LOOP_REASON);
  const ends = { childId: links.childId, parentId: links.parentId };
  const up = inBatches<number, { childId: number; parentId: number }>((keys) =>
    tx
      .select(ends)
      .from(links)
      .where(and(inArray(links.childId, keys), marked))
      .prepare(),
  );
  const found = new Set<number>();
  // A loop comes back: the way up alone meets all of it.
  let wave = [...ids];
  while (wave.length > 0) {
    const met = up(wave).flatMap(({ childId, parentId }) => [childId, parentId]);
    wave = [...new Set(met)].filter((id) => !found.has(id));
    for (const id of wave) found.add(id);
  }
  return [...found];
}
