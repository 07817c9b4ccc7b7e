import { and, eq, gte, inArray, isNull, lte, sql } from 'drizzle-orm';
import { pluck } from '#db/pluck.ts';
import { artifacts, links } from '#db/schema/artifact.ts';
import { bundles } from '#db/schema/bundle.ts';
import { versions } from '#db/schema/model.ts';
import { formatUtc } from '#lib/provenance/format.ts';
import type { PathStep } from '#lib/provenance/scope.ts';
import { groupBy, inBatches } from '#lib/services/graph/batch.ts';
import { IS_VERIFIED } from './attested.ts';
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
  // Three tables are asked for each: that pays for fewer still.
  return artifactIds.length > graph.few / 5
    ? decideTogether(graph, window, artifactIds)
    : decideEach(graph, window, artifactIds);
}

/** All models that a window alone means: signed within, or at a time that nothing proves. */
export function signedWithin(graph: Graph, window: Window): Direct[] {
  const signed = signedIn(graph, window);
  const rest = withoutTime(graph, true).filter((id) => !signed.has(id));
  return [
    ...Array.from(signed, (id) => new Signed(graph, window, id, PROVEN)),
    ...decideEach(graph, window, rest).values(),
  ];
}

function decideEach(graph: Graph, window: Window, artifactIds: readonly number[]): Map<number, Direct> {
  const times = timesOf(graph, window, artifactIds);
  const found = new Map<number, Direct>();
  for (const artifactId of artifactIds) {
    const known = times.get(artifactId);
    if (known !== undefined && !known.some((time) => holds(window, time))) continue;
    found.set(artifactId, new Signed(graph, window, artifactId, known === undefined ? NOT_EXCLUDED : PROVEN));
  }
  return found;
}

function decideTogether(graph: Graph, window: Window, artifactIds: readonly number[]): Map<number, Direct> {
  const signed = signedIn(graph, window);
  const untimed = new Set(withoutTime(graph, false));
  const found = decideEach(
    graph,
    window,
    artifactIds.filter((id) => untimed.has(id) && !signed.has(id)),
  );
  for (const id of artifactIds) if (signed.has(id)) found.set(id, new Signed(graph, window, id, PROVEN));
  return found;
}

/** Everything with a signature of its own within the window. */
function signedIn({ sqlite }: Graph, { from, to }: Window): Set<number> {
  const [first, last] = [from ?? 0, to ?? Number.MAX_SAFE_INTEGER];
  const own = pluck<number | null>(
    sqlite,
    sql`SELECT ${versions.artifactId} FROM ${bundles} CROSS JOIN ${versions} ON ${versions.id} = ${bundles.versionId}
      WHERE ${and(gte(bundles.signedAt, first), lte(bundles.signedAt, last), IS_VERIFIED)} AND ${bundles.versionId} IS NOT NULL`,
  );
  const known = pluck<number>(
    sqlite,
    sql`SELECT ${artifacts.id} FROM ${artifacts} WHERE ${and(gte(artifacts.signedAt, first), lte(artifacts.signedAt, last))}`,
  );
  const found = new Set(known);
  for (const id of own) if (id !== null) found.add(id);
  return found;
}

/** What is not known to have been signed at any time. */
function withoutTime({ db, sqlite }: Graph, modelsAlone: boolean): number[] {
  const isModel = modelsAlone ? eq(artifacts.kind, 'model') : undefined;
  return pluck<number>(
    sqlite,
    db
      .select({ id: artifacts.id })
      .from(artifacts)
      .where(and(isNull(artifacts.signedAt), isModel)),
  );
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

class Signed implements Direct {
  readonly artifactId: number;
  readonly rank: number;
  readonly length = 1;
  private readonly graph: Graph;
  private readonly window: Window;

  constructor(graph: Graph, window: Window, artifactId: number, rank: number) {
    this.graph = graph;
    this.window = window;
    this.artifactId = artifactId;
    this.rank = rank;
  }

  steps(): readonly PathStep[] {
    const { graph, window, artifactId } = this;
    const label = labelOf(graph.sqlite, artifactId);
    const because = `${label} ${this.rank === PROVEN ? this.when(window) : UNTIMED}.`;
    return [{ artifactId, linkId: null, state: null, proofs: [], because }];
  }

  private when(window: Window): string {
    const time = timesOf(this.graph, window, [this.artifactId])
      .get(this.artifactId)
      ?.find((at) => holds(window, at));
    return `was signed within the window${time === undefined ? '' : `, ${formatUtc(time)}`}`;
  }
}

const UNTIMED = 'has no proven time of signing, so that it cannot be said to be outside of the window';
