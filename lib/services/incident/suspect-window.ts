import { and, eq, inArray, isNotNull, sql } from 'drizzle-orm';
import { pluckByKeys, pluckFirst } from '#db/pluck.ts';
import { bundles } from '#db/schema/bundle.ts';
import { versions } from '#db/schema/model.ts';
import type { Scope } from '#lib/provenance/scope.ts';
import type { Graph } from './graph.ts';
import type { Window } from './signing-times.ts';

const DAY = 86_400_000;

/** The time within which something may have been made as what is proven was: the scope's window, else that of its signings. */
export function suspectWindow(
  graph: Graph,
  scope: Scope,
  proven: readonly number[],
  isProven: (id: number | null) => boolean,
): Window | null {
  return windowOf(scope) ?? timesOf(graph, proven, isProven);
}

/** From the start of the first to the end of the last window that a scope names; null where it names none. */
function windowOf(scope: Scope): Window | null {
  if ('is' in scope) return scope.is.kind === 'window' ? scope.is : null;
  const windows = ('all' in scope ? scope.all : scope.any).flatMap((part) => windowOf(part) ?? []);
  if (windows.length === 0) return null;
  const from = Math.min(...windows.map((window) => window.from ?? Number.NEGATIVE_INFINITY));
  const to = Math.max(...windows.map((window) => window.to ?? Number.POSITIVE_INFINITY));
  return { from: Number.isFinite(from) ? from : null, to: Number.isFinite(to) ? to : null };
}

/** From a day before the first signing of what is proven to a day after the last; null where nothing proves a time. */
function timesOf(graph: Graph, proven: readonly number[], isProven: (id: number | null) => boolean): Window | null {
  const times = proven.length > graph.few ? endsOf(graph, isProven) : timesOfEach(graph, proven);
  const [first] = times;
  if (first === undefined) return null;
  const from = times.reduce((least, time) => Math.min(least, time), first);
  const to = times.reduce((most, time) => Math.max(most, time), first);
  return { from: from - DAY, to: to + DAY };
}

const IS_TIMED = and(isNotNull(bundles.versionId), isNotNull(bundles.signedAt), eq(bundles.state, 'verified'));

function timesOfEach({ sqlite, db }: Graph, proven: readonly number[]): number[] {
  return pluckByKeys(sqlite, proven, (ids) =>
    db
      .select({ at: bundles.signedAt })
      .from(versions)
      .innerJoin(bundles, and(eq(bundles.versionId, versions.id), IS_TIMED))
      .where(inArray(versions.artifactId, ids)),
  );
}

/** The first and the last time, read from both ends and no further than to what is proven: of much that is, that is not far. */
function endsOf({ sqlite, db }: Graph, isProven: (id: number | null) => boolean): number[] {
  return (['ASC', 'DESC'] as const).flatMap((direction) => {
    const signings = db
      .select({ packed: sql<string>`${bundles.signedAt} || ' ' || ${versions.artifactId}` })
      .from(bundles)
      .innerJoin(versions, eq(versions.id, bundles.versionId))
      .where(IS_TIMED)
      .orderBy(sql`${bundles.signedAt} ${sql.raw(direction)}`);
    const end = pluckFirst<string | null>(sqlite, signings, (packed) => isProven(Number(packed?.split(' ')[1])));
    return end == null ? [] : [Number(end.split(' ')[0])];
  });
}
