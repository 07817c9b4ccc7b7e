import { and, eq, gte, inArray, isNull, lt, lte, or, sql } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { attestations, links, STATED_IN_FACTS } from '#db/schema/artifact.ts';
import { bundles } from '#db/schema/bundle.ts';
import { versions } from '#db/schema/model.ts';
import type { PathStep, Scope } from '#lib/provenance/scope.ts';
import { describeSigner, signerOf } from '#lib/provenance/signer.ts';
import { elideMiddle, showText } from '#lib/provenance/untrusted-text.ts';
import { inBatches } from '#lib/services/graph/batch.ts';
import { labelOf } from './link-step.ts';
import type { Window } from './signing-times.ts';

type Graph = Pick<OpenDatabase, 'db' | 'sqlite'>;

const DAY = 86_400_000;

/** A signer of what is proven: of workflows without branch or tag, so that each release of one counts. */
interface Pipeline {
  readonly signer: string;
  readonly issuer: string | null;
  readonly example: number;
}

/**
 * Models that cannot be excluded: signed within the scope's window by a signer, a workflow or a builder of what is proven,
 * and without any data set stated. Without a window in the scope, from a day before the first proven signing to a day after
 * the last.
 *
 * @param proven artifacts that are proven to be affected. @param isKnown those that the scope reaches anyway.
 */
export function findNotExcluded(
  graph: Graph,
  scope: Scope,
  proven: readonly number[],
  isKnown: (artifactId: number) => boolean,
): Map<number, () => readonly PathStep[]> {
  const { db } = graph;
  const { pipelines, times } = readPipelines(db, proven);
  const window = windowOf(scope) ?? times;
  const candidates = new Map<number, () => readonly PathStep[]>();
  if (window === null) return candidates;
  for (const { signer, issuer, example } of pipelines) {
    const who = elideMiddle(showText(describeSigner({ san: signer, issuer })), 240);
    for (const [artifactId, proof] of signedBy(db, signer, issuer, window)) {
      if (isKnown(artifactId) || candidates.has(artifactId)) continue;
      candidates.set(artifactId, () => [stepOf(graph, artifactId, [proof], `signed by ${who}`, example)]);
    }
  }
  for (const { builder, example } of readBuilders(db, proven)) {
    const what = `built by ${elideMiddle(showText(builder), 200)}`;
    for (const [artifactId, proof] of builtBy(db, builder, window)) {
      if (isKnown(artifactId) || candidates.has(artifactId)) continue;
      candidates.set(artifactId, () => [stepOf(graph, artifactId, [proof], what, example)]);
    }
  }
  for (const artifactId of withData(db, [...candidates.keys()])) candidates.delete(artifactId);
  return candidates;
}

function stepOf(
  { sqlite }: Graph,
  artifactId: number,
  proofs: readonly string[],
  what: string,
  example: number,
): PathStep {
  const because = `${labelOf(sqlite, artifactId)} is ${what}, as ${labelOf(sqlite, example)} is, in the same time, and nothing states which data it was made from.`;
  return { artifactId, linkId: null, state: null, proofs, because };
}

function readPipelines(db: Graph['db'], proven: readonly number[]): { pipelines: Pipeline[]; times: Window | null } {
  const read = inBatches<
    number,
    { san: string | null; issuer: string | null; first: number | null; last: number | null; example: number }
  >((ids) =>
    db
      .select({
        san: bundles.san,
        issuer: bundles.issuer,
        first: sql<number | null>`min(${bundles.signedAt})`,
        last: sql<number | null>`max(${bundles.signedAt})`,
        example: sql<number>`min(${versions.artifactId})`,
      })
      .from(versions)
      .innerJoin(
        bundles,
        and(eq(bundles.versionId, versions.id), eq(bundles.state, 'verified'), sql`${bundles.versionId} IS NOT NULL`),
      )
      .where(inArray(versions.artifactId, ids))
      .groupBy(bundles.san, bundles.issuer)
      .prepare(),
  );
  const pipelines = new Map<string, Pipeline>();
  const times: number[] = [];
  for (const { san, issuer, first, last, example } of read(proven)) {
    if (first !== null) times.push(first);
    if (last !== null) times.push(last);
    const signer = signerOf(san);
    if (signer === null) continue;
    const key = JSON.stringify([signer, issuer]);
    const known = pipelines.get(key);
    pipelines.set(key, { signer, issuer, example: Math.min(known?.example ?? example, example) });
  }
  const span = times.reduce<[number, number]>(
    ([from, to], time) => [Math.min(from, time), Math.max(to, time)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  return {
    pipelines: [...pipelines.values()],
    times: times.length === 0 ? null : { from: span[0] - DAY, to: span[1] + DAY },
  };
}

/** From the start of the first to the end of the last window that a scope names; null where it names none. */
function windowOf(scope: Scope): Window | null {
  if ('is' in scope) return scope.is.kind === 'window' ? scope.is : null;
  const windows = ('all' in scope ? scope.all : scope.any).flatMap((part) => windowOf(part) ?? []);
  if (windows.length === 0) return null;
  const starts = windows.map(({ from }) => from ?? Number.NEGATIVE_INFINITY);
  const ends = windows.map(({ to }) => to ?? Number.POSITIVE_INFINITY);
  const from = Math.min(...starts);
  const to = Math.max(...ends);
  return { from: Number.isFinite(from) ? from : null, to: Number.isFinite(to) ? to : null };
}

function within(column: typeof bundles.signedAt, { from, to }: Window) {
  return or(isNull(column), and(gte(column, from ?? 0), lte(column, to ?? Number.MAX_SAFE_INTEGER)));
}

/** Versions by the signer, or by the workflow on any branch or tag, each with the bundle. */
function signedBy(db: Graph['db'], signer: string, issuer: string | null, window: Window): [number, string][] {
  const isWorkflow = /^https?:\/\//.test(signer);
  const ofRef = isWorkflow ? and(gte(bundles.san, `${signer}@refs/`), lt(bundles.san, `${signer}@refs0`)) : undefined;
  const bySan = (isSigner: ReturnType<typeof and>) =>
    db
      .select({ artifactId: versions.artifactId, proof: bundles.id })
      .from(bundles)
      .innerJoin(versions, eq(versions.id, bundles.versionId))
      .where(
        and(
          isSigner,
          issuer === null ? isNull(bundles.issuer) : eq(bundles.issuer, issuer),
          eq(bundles.state, 'verified'),
          within(bundles.signedAt, window),
        ),
      )
      .all();
  const rows = [...bySan(eq(bundles.san, signer)), ...(ofRef ? bySan(ofRef) : [])];
  return rows.flatMap(({ artifactId, proof }): [number, string][] =>
    artifactId === null ? [] : [[artifactId, proof]],
  );
}

/** Builders that attestations of what is proven name, by one who has a say. */
function readBuilders(db: Graph['db'], proven: readonly number[]): { builder: string; example: number }[] {
  const builder = sql<string | null>`${sql.raw(`attestations.${STATED_IN_FACTS.builder}`)}`;
  const read = inBatches<number, { builder: string | null; example: number }>((ids) =>
    db
      .select({ builder, example: sql<number>`min(${links.childId})` })
      .from(links)
      .innerJoin(attestations, eq(attestations.bundleId, links.bundleId))
      .where(and(inArray(links.childId, ids), eq(links.basis, 'attester')))
      .groupBy(builder)
      .prepare(),
  );
  const found = new Map<string, number>();
  for (const row of read(proven)) {
    if (row.builder === null) continue;
    found.set(row.builder, Math.min(found.get(row.builder) ?? row.example, row.example));
  }
  return [...found].map(([name, example]) => ({ builder: name, example }));
}

function builtBy(db: Graph['db'], builder: string, window: Window): [number, string][] {
  const rows = db
    .selectDistinct({ artifactId: links.childId, proof: bundles.id })
    .from(attestations)
    .innerJoin(bundles, eq(bundles.id, attestations.bundleId))
    .innerJoin(links, eq(links.bundleId, attestations.bundleId))
    .where(
      and(
        sql`${sql.raw(STATED_IN_FACTS.builder)} = ${builder}`,
        eq(bundles.state, 'verified'),
        eq(links.basis, 'attester'),
        within(bundles.signedAt, window),
      ),
    )
    .all();
  return rows.map(({ artifactId, proof }) => [artifactId, proof]);
}

/** Those that anybody states a data set of. */
function withData(db: Graph['db'], artifactIds: readonly number[]): number[] {
  const read = inBatches<number, { id: number }>((ids) =>
    db
      .selectDistinct({ id: links.childId })
      .from(links)
      .where(and(inArray(links.childId, ids), eq(links.role, 'dataset')))
      .prepare(),
  );
  return read(artifactIds).map(({ id }) => id);
}
