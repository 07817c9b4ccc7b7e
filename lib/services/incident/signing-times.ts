import { and, eq, gte, inArray, isNull, lte, sql } from 'drizzle-orm';
import { artifacts, links } from '#db/schema/artifact.ts';
import { bundles } from '#db/schema/bundle.ts';
import { versions } from '#db/schema/model.ts';
import { formatUtc } from '#lib/provenance/format.ts';
import type { PathStep } from '#lib/provenance/scope.ts';
import { groupBy, inBatches } from '#lib/services/graph/batch.ts';
import type { Graph } from './graph.ts';
import { labelOf } from './link-step.ts';
import { type Direct, NOT_EXCLUDED, PROVEN } from './reached.ts';

/** Milliseconds since the epoch, both ends part of it; null for an end that is open. */
export interface Window {
  readonly from: number | null;
  readonly to: number | null;
}

const holds = ({ from, to }: Window, time: number) => (from ?? time) <= time && time <= (to ?? time);

/**
 * Which of these artifacts were signed within a window, by a proven time of one of their signatures; where they have none,
 * of a statement of where they come from by one who has a say. Those without any such time are not excluded.
 */
export function withinWindow(graph: Graph, window: Window, artifactIds: readonly number[]): Map<number, Direct> {
  const times = timesOf(graph, window, artifactIds);
  const found = new Map<number, Direct>();
  for (const artifactId of artifactIds) {
    const known = times.get(artifactId);
    const time = known?.find((candidate) => holds(window, candidate));
    if (known !== undefined && time === undefined) continue;
    found.set(artifactId, directOf(graph, artifactId, time));
  }
  return found;
}

/** All models that a window alone means: signed within, or at a time that nothing proves. */
export function signedWithin(graph: Graph, window: Window): Direct[] {
  const { db } = graph;
  const { from, to } = window;
  const own = db
    .selectDistinct({ id: versions.artifactId })
    .from(bundles)
    .innerJoin(versions, eq(versions.id, bundles.versionId))
    .where(
      and(
        eq(bundles.state, 'verified'),
        gte(bundles.signedAt, from ?? 0),
        lte(bundles.signedAt, to ?? Number.MAX_SAFE_INTEGER),
        sql`${bundles.versionId} IS NOT NULL`,
      ),
    )
    .all();
  const others = db
    .select({ id: artifacts.id })
    .from(artifacts)
    .where(and(eq(artifacts.kind, 'model'), isNull(artifacts.signedAt)))
    .all();
  const first = db
    .select({ id: artifacts.id })
    .from(artifacts)
    .where(and(gte(artifacts.signedAt, from ?? 0), lte(artifacts.signedAt, to ?? Number.MAX_SAFE_INTEGER)))
    .all();
  const signed = new Set([...own, ...first].flatMap(({ id }) => id ?? []));
  const rest = others.flatMap(({ id }) => (signed.has(id) ? [] : [id]));
  const decided = withinWindow(graph, window, rest);
  return [...[...signed].map((id) => directOf(graph, id, null)), ...decided.values()];
}

/** The proven times of artifacts; an artifact without any is not in it. */
function timesOf({ db }: Graph, window: Window, artifactIds: readonly number[]): Map<number, number[]> {
  const readFirst = inBatches<number, { id: number; at: number | null }>((ids) =>
    db.select({ id: artifacts.id, at: artifacts.signedAt }).from(artifacts).where(inArray(artifacts.id, ids)).prepare(),
  );
  const times = new Map<number, number[]>();
  const put = (id: number, at: number | null) => {
    if (at === null) return;
    const known = times.get(id);
    if (known) known.push(at);
    else times.set(id, [at]);
  };
  for (const { id, at } of readFirst(artifactIds)) put(id, at);
  const isIn = (id: number) => times.get(id)?.some((time) => holds(window, time)) ?? false;
  const readOwn = inBatches<number, { id: number | null; at: number | null; state: string }>((ids) =>
    db
      .select({ id: versions.artifactId, at: bundles.signedAt, state: bundles.state })
      .from(versions)
      .innerJoin(bundles, and(eq(bundles.versionId, versions.id), sql`${bundles.versionId} IS NOT NULL`))
      .where(inArray(versions.artifactId, ids))
      .prepare(),
  );
  for (const { id, at, state } of readOwn(artifactIds.filter((id) => !isIn(id)))) {
    if (state === 'verified' && id !== null) put(id, at);
  }
  const readStated = inBatches<number, { id: number; at: number | null; basis: string }>((ids) =>
    db
      .selectDistinct({ id: links.childId, at: bundles.signedAt, basis: links.basis })
      .from(links)
      .innerJoin(bundles, eq(bundles.id, links.bundleId))
      .where(inArray(links.childId, ids))
      .prepare(),
  );
  const stated = groupBy(readStated(artifactIds.filter((id) => !times.has(id))), ({ id }) => id);
  for (const [id, rows] of stated) for (const { at, basis } of rows) if (basis === 'attester') put(id, at);
  return times;
}

/** `time`: null where it is within, and was not read; undefined where there is none. */
function directOf({ sqlite }: Graph, artifactId: number, time: number | null | undefined): Direct {
  const steps = (): PathStep[] => {
    const label = labelOf(sqlite, artifactId);
    const when =
      time === undefined
        ? 'has no proven time of signing, so that it cannot be said to be outside of the window'
        : `was signed within the window${time === null ? '' : `, ${formatUtc(time)}`}`;
    return [{ artifactId, linkId: null, state: null, proofs: [], because: `${label} ${when}.` }];
  };
  return { artifactId, rank: time === undefined ? NOT_EXCLUDED : PROVEN, length: 1, steps };
}
