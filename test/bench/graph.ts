import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { createDatabase } from '#db/migrate.ts';
import { artifacts } from '#db/schema/artifact.ts';
import { bundles } from '#db/schema/bundle.ts';
import { NO_POLICIES } from '#lib/provenance/expected-signer.ts';
import { findArtifact } from '#lib/services/graph/find-artifact.ts';
import { getArtifact } from '#lib/services/graph/get-artifact.ts';
import { getChain } from '#lib/services/graph/get-chain.ts';
import { readReach } from '#lib/services/graph/reach.ts';
import { recordLinks } from '#lib/services/graph/record-links.ts';
import { settleGraph } from '#lib/services/graph/settle-graph.ts';
import { MINT_TIME } from '#test/factories.ts';
import { type BuiltGraph, buildGraph, type GraphSize, rootOf, toBundle } from './graph-data.ts';

export interface GraphBenchOptions {
  readonly big: GraphSize;
  readonly small: GraphSize;
  readonly json: boolean;
}

interface Measurement {
  readonly what: string;
  /** Milliseconds, the middle of several runs. */
  readonly ms: number;
  /** How much it was about: nodes found, verdicts changed. */
  readonly count: number;
}

const RUNS = 9;

/** Times what pages and ingestion do on a big graph, beside the same on a small one in the same run. */
export async function benchGraph({ big, small, json }: GraphBenchOptions): Promise<void> {
  const results = { small: await measureGraph(small), big: await measureGraph(big) };
  if (json) {
    console.log(JSON.stringify(results));
    return;
  }
  const { small: a, big: b } = results;
  console.log(
    `${b.artifacts} artifacts and ${b.links} links, beside ${a.artifacts} and ${a.links}. Medians of ${RUNS}.`,
  );
  b.rows.forEach((row, i) => {
    const beside = a.rows[i];
    if (!beside) return;
    const times = `${row.ms.toFixed(2).padStart(9)} ms (${row.count})  beside ${beside.ms.toFixed(2).padStart(7)} ms (${beside.count})`;
    console.log(`${row.what.padEnd(52)} ${times}  ratio ${(row.ms / beside.ms).toFixed(1)}`);
  });
}

async function measureGraph(size: GraphSize) {
  const folder = mkdtempSync(join(tmpdir(), 'modeltrail-bench-'));
  const database = createDatabase(join(folder, 'graph.db'));
  try {
    const graph = buildGraph(database, size);
    const rows = [...(await measureReading(database, graph)), ...measureWriting(database, graph)];
    return { artifacts: graph.ids.length + size.family + 1, links: graph.links, rows };
  } finally {
    database.close();
    rmSync(folder, { recursive: true });
  }
}

async function measureReading(database: OpenDatabase, { ids }: BuiltGraph): Promise<Measurement[]> {
  const at = (share: number) => ids[Math.floor((ids.length - 1) * share)] ?? 1;
  const verdict = async () => {
    const id = await findArtifact(database, { scheme: 'sha256', value: rootOf(at(0.5)) });
    const found = id === null ? null : await getArtifact(database, id);
    if (found?.node.weakest !== 'verified') throw new Error('the verdict of a whole chain is verified');
    return 1;
  };
  const chain = (direction: 'ancestors' | 'descendants', share: number) => async () => {
    const found = await getChain(database, { artifactId: at(share), direction, limit: 200 });
    return (found?.nodes.length ?? 0) + (found?.omitted ?? 0);
  };
  return [
    await median('verdict of one model, one step each way', verdict),
    await median('ancestors: the nearest 200, the rest counted', chain('ancestors', 0.5)),
    await median('descendants: the nearest 200, the rest counted', chain('descendants', 0.3)),
    await median('all descendants of a data set', async () => readReach(database.db, at(0), 'descendants').length),
  ];
}

function measureWriting(database: OpenDatabase, { ids, base }: BuiltGraph): Measurement[] {
  const { db } = database;
  const child = ids.at(-1) ?? 1;
  let made = 0;
  const addLink = (childId: number) => {
    const parentId = ids[Math.floor(ids.length / 4) + made] ?? 1;
    const bundleId = `bdl_new_${made++}`;
    db.insert(bundles)
      .values({ ...toBundle(bundleId.slice(4), MINT_TIME), predicateType: 'bench' })
      .run();
    const digests = [{ algorithm: 'sha256', digest: rootOf(parentId) }];
    const input = { role: 'component', name: 'new', uri: null, digests, at: 'bench' } as const;
    const touched = recordLinks(db, { childId, document: { bundleId }, inputs: [input] }, MINT_TIME);
    settleGraph(db, { policies: NO_POLICIES, artifactIds: touched, cause: `bundle ${bundleId}`, now: MINT_TIME });
    return touched.length;
  };
  const update = (childId: number) => db.transaction(() => addLink(childId), { behavior: 'immediate' });
  const middle = ids[Math.floor(ids.length * 0.6)] ?? 1;
  const late = (state: 'verified' | 'refused') => {
    db.transaction(() => {
      db.update(bundles)
        .set({ state })
        .where(eq(bundles.id, `bdl_${base}`))
        .run();
      settleGraph(db, { policies: NO_POLICIES, artifactIds: [base], cause: `bundle bdl_${base}`, now: MINT_TIME });
    });
    const weakest = state === 'verified' ? 'verified' : 'parent-unsigned';
    const settled = db
      .select()
      .from(artifacts)
      .where(eq(artifacts.id, base + 1))
      .get();
    if (settled?.weakest !== weakest) throw new Error(`the family should be ${weakest}, and is ${settled?.weakest}`);
    return db.select({ id: artifacts.id }).from(artifacts).where(eq(artifacts.weakest, weakest)).all().length;
  };
  let isSigned = false;
  return [
    medianSync('one new link of a model that nothing is made of', () => update(child)),
    medianSync('one new link of a model with descendants', () => update(middle)),
    medianSync('the base of the family signed late, or lost again', () => {
      isSigned = !isSigned;
      return late(isSigned ? 'verified' : 'refused');
    }),
  ];
}

async function median(what: string, run: () => Promise<number>): Promise<Measurement> {
  const times: number[] = [];
  let count = 0;
  for (let i = 0; i < RUNS; i++) {
    const start = performance.now();
    count = await run();
    times.push(performance.now() - start);
  }
  return { what, ms: middleOf(times), count };
}

function medianSync(what: string, run: () => number): Measurement {
  const times: number[] = [];
  let count = 0;
  for (let i = 0; i < RUNS; i++) {
    const start = performance.now();
    count = run();
    times.push(performance.now() - start);
  }
  return { what, ms: middleOf(times), count };
}

function middleOf(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}
