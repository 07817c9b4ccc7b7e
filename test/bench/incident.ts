import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenDatabase } from '#db/client.ts';
import { createDatabase } from '#db/migrate.ts';
import type { Scope } from '#lib/provenance/scope.ts';
import { findAffected } from '#lib/services/incident/find-affected.ts';
import { buildGraph, type GraphSize } from './graph-data.ts';
import { prepareScopes } from './incident-scopes.ts';

export interface IncidentBenchOptions {
  readonly big: GraphSize;
  readonly small: GraphSize;
  readonly runs: number;
  readonly json: boolean;
}

/** Milliseconds: what the design asks of a preview. */
const BAR = 200;

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
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
