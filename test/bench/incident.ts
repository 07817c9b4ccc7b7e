import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenDatabase } from '#db/client.ts';
import { createDatabase } from '#db/migrate.ts';
import { artifactAliases, artifacts, links } from '#db/schema/artifact.ts';
import type { Scope } from '#lib/provenance/scope.ts';
import { findAffected } from '#lib/services/incident/find-affected.ts';
import { MINT_TIME, mintHex } from '#test/factories.ts';
import { type BuiltGraph, buildGraph, type GraphSize, rootOf } from './graph-data.ts';

export interface IncidentBenchOptions {
  readonly big: GraphSize;
  readonly small: GraphSize;
  readonly runs: number;
  readonly json: boolean;
}

/** Milliseconds: what the design asks of a preview. */
const BAR = 200;
/** One signer in so many; half of all is signed by the first. */
const SIGNERS = 100;
/** The graph has a signing each second; this makes it ten minutes. */
const STRETCH = 600;

interface Measurement {
  readonly what: string;
  readonly p50: number;
  readonly p95: number;
  /** Processor time of the middle one: what the clock would say if nothing else ran. */
  readonly cpu: number;
  readonly affected: number;
}

/** Times what scopes reach on a big graph, with the paths of the first 50, beside the same on one a hundredth the size. */
export async function benchIncident({ big, small, runs, json }: IncidentBenchOptions): Promise<void> {
  const results = { small: measure(small, runs), big: measure(big, runs) };
  if (json) {
    console.log(JSON.stringify({ bar: BAR, ...results }));
    return;
  }
  const { small: a, big: b } = results;
  console.log(
    `${b.artifacts} artifacts and ${b.links} links, beside ${a.artifacts} and ${a.links}. ${runs} runs each.`,
  );
  console.log(`Bar: p95 under ${BAR} ms.`);
  b.rows.forEach((row, i) => {
    const beside = a.rows[i];
    if (!beside) return;
    const shown = ({ p50, p95, cpu, affected }: Measurement) =>
      `p50 ${p50.toFixed(1).padStart(6)} p95 ${p95.toFixed(1).padStart(6)} ms, cpu ${cpu.toFixed(1).padStart(6)} (${affected})`;
    console.log(`${row.what.padEnd(58)} ${shown(row)}  beside ${shown(beside)}  ${row.p95 < BAR ? 'met' : 'MISSED'}`);
  });
}

function measure(size: GraphSize, runs: number) {
  const folder = mkdtempSync(join(tmpdir(), 'modeltrail-bench-'));
  const database = createDatabase(join(folder, 'incident.db'));
  try {
    const graph = buildGraph(database, size);
    const scopes = prepareScopes(database, graph);
    const { n } = database.sqlite.prepare('SELECT count(*) AS n FROM links').get() as { n: number };
    const rows = Object.entries(scopes).map(([what, scope]) => timeScope(database, what, scope, runs));
    return { artifacts: graph.ids.length + size.family + 1, links: n, rows };
  } finally {
    database.close();
    rmSync(folder, { recursive: true });
  }
}

function timeScope(database: OpenDatabase, what: string, scope: Scope, runs: number): Measurement {
  const times: number[] = [];
  const busy: number[] = [];
  let affected = 0;
  for (let i = 0; i < runs; i++) {
    const before = process.cpuUsage();
    const start = performance.now();
    const found = findAffected(database, scope);
    const shown = found.affected.slice(0, 50).map(({ path }) => path);
    times.push(performance.now() - start);
    const { user, system } = process.cpuUsage(before);
    busy.push((user + system) / 1000);
    if (shown.some((path) => path.length === 0)) throw new Error('an artifact is affected for a reason');
    affected = found.affected.length;
  }
  if (affected === 0) throw new Error(`${what}: a scope that reaches nothing measures nothing`);
  return { what, p50: at(times, 0.5), p95: at(times, 0.95), cpu: at(busy, 0.5), affected };
}

function at(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** Puts signers and data sets into the graph. */
function prepareScopes(database: OpenDatabase, { ids }: BuiltGraph): Record<string, Scope> {
  const { sqlite } = database;
  // Half of all by one signer, the rest by a hundred others.
  sqlite.exec(`
    UPDATE bundles SET san = 'team-' || (CAST(substr(id, 5) AS INTEGER) % ${SIGNERS}) || '@models.example'
    WHERE CAST(substr(id, 5) AS INTEGER) % 2 = 1`);
  // One signing every ten minutes: two years for a hundred thousand.
  for (const table of ['bundles', 'artifacts']) {
    sqlite.exec(`UPDATE ${table} SET signed_at = ${MINT_TIME} + (signed_at - ${MINT_TIME}) * ${STRETCH}`);
  }
  const last = ids.length;
  const wide = addDataset(
    database,
    'wide',
    ids.filter((id) => id % 100 === 7),
  );
  const recent = addDataset(
    database,
    'recent',
    ids.slice(-Math.ceil(last / 20)).filter((id) => id % 10 === 3),
  );
  const narrow = addDataset(database, 'narrow', ids.slice(-20, -10));
  sqlite.exec('ANALYZE');
  const from = MINT_TIME + last * 600 * STRETCH;
  const window: Scope = { is: { kind: 'window', from, to: from + last * 50 * STRETCH } };
  const identity: Scope = { is: { kind: 'identity', identity: 'team-33@models.example' } };
  const file: Scope = { is: { kind: 'file', digest: rootOf(Math.floor(last / 2)) } };
  return {
    'a data set of ten late models': narrow,
    'a data set of 1 in 200, all of them late': recent,
    'a data set of 1 in 100, and all that is made from those': wide,
    'a base model that nearly everything is made from': { is: { kind: 'base-model', alias: rootOf(1) } },
    'a signer of 1 in 100': identity,
    'the signer of half of all': {
      is: { kind: 'identity', identity: 'release-bot@models.example', issuer: 'https://accounts.models.example' },
    },
    'a window with 1 in 20': window,
    'the wide data set, within the window': { all: [wide, window] },
    'the signer, within the window': { all: [identity, window] },
    'one of: narrow data set, signer, window, file': { any: [narrow, identity, window, file] },
    'both data sets, or the signer within the window': { any: [{ all: [wide, recent] }, { all: [identity, window] }] },
  };
}

function addDataset({ db }: OpenDatabase, name: string, users: readonly number[]): Scope {
  const digest = mintHex(`bench data set ${name}`);
  const { id } = db
    .insert(artifacts)
    .values({ kind: 'dataset', name, verdictSince: MINT_TIME, firstSeenAt: MINT_TIME })
    .returning()
    .get();
  db.insert(artifactAliases)
    .values({ scheme: 'sha256', value: digest, kind: 'stated', artifactId: id, firstSeenAt: MINT_TIME })
    .run();
  const digests = JSON.stringify([{ algorithm: 'sha256', digest }]);
  db.transaction((tx) => {
    for (const childId of users) {
      tx.insert(links)
        .values({
          childId,
          parentId: id,
          role: 'dataset',
          bundleId: `bdl_${childId}`,
          basis: 'attester',
          position: 100 + id,
          name,
          digests,
          at: 'bench',
          state: 'parent-unknown',
          reason: 'Its digest is given.',
          firstSeenAt: MINT_TIME,
        })
        .run();
    }
  });
  return { is: { kind: 'dataset', alias: `sha256:${digest}` } };
}
