import { eq, type SQL, sql } from 'drizzle-orm';
import { pluck, pluckFirst } from '#db/pluck.ts';
import { attestations, links, STATED_IN_FACTS } from '#db/schema/artifact.ts';
import { bundleSubjects, bundles } from '#db/schema/bundle.ts';
import type { Graph } from './graph.ts';

// Joins in this order, and words as they stand: so of each table an index alone is read, for tens of thousands of attestations.

export const IS_VERIFIED = eq(bundles.state, sql`'verified'`);

/** Whether the signer of a statement has a say on where the child of the link comes from. */
export const HAS_SAY = eq(links.basis, sql`'attester'`);

/** What an attestation's facts say of the build. */
export const stated = (name: keyof typeof STATED_IN_FACTS) => sql.raw(`attestations.${STATED_IN_FACTS[name]}`);

const FROM_ATTESTATIONS = sql`FROM ${attestations} CROSS JOIN ${bundles} ON ${bundles.id} = ${attestations.bundleId}`;

/** Those of several subjects. */
const FROM_SEVERAL = sql`FROM ${bundleSubjects}
  CROSS JOIN ${attestations} ON ${attestations.bundleId} = ${bundleSubjects.bundleId}
  CROSS JOIN ${bundles} ON ${bundles.id} = ${bundleSubjects.bundleId}`;
const IS_SECOND = sql`${bundleSubjects.position} = 1`;

const CHILD = sql`CASE WHEN ${HAS_SAY} THEN ${links.childId} ELSE -${links.childId} END`;

/** The child of a statement's links, by the surest: all of them have one where it has one subject. */
const ONE_CHILD = sql`(SELECT ${CHILD} FROM ${links} WHERE ${links.bundleId} = ${bundles.id}
  ORDER BY ${links.childId}, ${links.basis} LIMIT 1)`;

/** What attestations are about. */
export interface AttestedChildren {
  /** Of whom they state inputs, some several times: negative where their signer has no say. */
  readonly children: readonly number[];
  /** Attestations, by their bundles, that may be about more than they state inputs of. */
  readonly unlinked: readonly string[];
}

/** What the verified attestations are about that a condition on attestations and their bundles takes. */
export function readAttested({ sqlite }: Graph, condition: SQL | undefined): AttestedChildren {
  const where = sql`WHERE ${condition} AND ${IS_VERIFIED}`;
  const children: number[] = [];
  const unlinked: string[] = [];
  for (const one of pluck<number | string>(
    sqlite,
    sql`SELECT coalesce(${ONE_CHILD}, ${bundles.id}) ${FROM_ATTESTATIONS} ${where}`,
  )) {
    if (typeof one === 'number') children.push(one);
    else unlinked.push(one);
  }
  const several = pluck<string>(sqlite, sql`SELECT DISTINCT ${bundles.id} ${FROM_SEVERAL} ${where} AND ${IS_SECOND}`);
  if (several.length === 0) return { children, unlinked };
  const theirs = pluck<number>(
    sqlite,
    sql`SELECT DISTINCT ${CHILD} ${FROM_SEVERAL}
      CROSS JOIN ${links} ON ${links.bundleId} = ${bundles.id} ${where} AND ${IS_SECOND}`,
  );
  return { children: [...children, ...theirs], unlinked: [...unlinked, ...several] };
}

/** The first of what verified attestations state inputs of that `accept` takes, by one who has a say; read no further than that. */
export function firstAttested(graph: Graph, condition: SQL, accept: (child: number) => boolean): number | undefined {
  const first = pluckFirst<number | null>(
    graph.sqlite,
    sql`SELECT ${ONE_CHILD} ${FROM_ATTESTATIONS} WHERE ${condition} AND ${IS_VERIFIED}`,
    (child) => child !== null && accept(child),
  );
  return first ?? readAttested(graph, condition).children.find((child) => child > 0 && accept(child));
}

/** Verified attestations of one artifact that a condition takes, the first by its id: as bundles. */
export function attestationOf(graph: Graph, condition: SQL | undefined, artifactId: number): string | undefined {
  return pluck<string>(
    graph.sqlite,
    sql`SELECT ${bundles.id} FROM ${links}
      CROSS JOIN ${attestations} ON ${attestations.bundleId} = ${links.bundleId}
      CROSS JOIN ${bundles} ON ${bundles.id} = ${links.bundleId}
      WHERE ${eq(links.childId, artifactId)} AND ${condition} AND ${IS_VERIFIED} ORDER BY ${bundles.id} LIMIT 1`,
  )[0];
}
