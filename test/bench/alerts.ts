import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { pino } from 'pino';
import type { OpenDatabase } from '#db/client.ts';
import { createDatabase } from '#db/migrate.ts';
import { raiseAlerts, tellRaised } from '#lib/services/alert/raise-all.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { MINT_TIME } from '#test/factories.ts';
import { putAlertsInForce } from '#test/support/alert-settings.ts';
import { type AlertDataSize, mintAlertCauses } from './alert-data.ts';

export interface AlertBenchOptions extends AlertDataSize {
  /** Rounds with nothing new that are measured. */
  readonly rounds: number;
  readonly json: boolean;
}

/** Milliseconds: what the first look may take, a round with nothing new, and how long another writer may have to wait. */
const BARS = { first: 20_000, idle: 20, wait: 1000 };
const HOUR = 3_600_000;
/** Rows that the bare copy writes in one transaction. */
const BATCH = 500;

/**
 * The first look at everything that alerts come from, and rounds with nothing new, beside a bare copy of the same rows: each
 * event and match read once, each alert and message written once. Another process writes at the same time.
 */
export async function benchAlerts({ rounds, json, ...size }: AlertBenchOptions): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'modeltrail-bench-'));
  const path = join(folder, 'alerts.db');
  const database = createDatabase(path);
  try {
    if (!json) console.log(`Minting ${size.events} events and ${size.findings} findings…`);
    prepare(database, size);
    let now = MINT_TIME + HOUR;
    const ctx: ServiceContext = { database, now: () => now, log: pino({ level: 'silent' }) };
    const other = new OtherWriter(path);
    await other.start();
    const before = process.cpuUsage();
    const raise = await time(() => raiseAlerts(ctx));
    const tell = await time(() => tellRaised(ctx));
    const waits = await other.stop();
    const cpu = cpuSince(before);
    const bare = copyBare(database, join(folder, 'bare.db'));
    const idle: number[] = [];
    const busy: number[] = [];
    for (let i = 0; i < rounds; i++) {
      now += 5000;
      const start = process.cpuUsage();
      idle.push((await time(() => raiseAlerts(ctx))) + (await time(() => tellRaised(ctx))));
      busy.push(cpuSince(start));
    }
    const quiet = at(idle, 0.5);
    const quietCpu = at(busy, 0.5);
    const ratio = (raise + tell) / bare;
    const result = { ...size, raise, tell, cpu, bare, ratio, quiet, quietCpu, quietWorst: Math.max(...idle) };
    const counts = { alerts: countOf(database, 'alerts'), messages: countOf(database, 'messages') };
    if (json) {
      console.log(JSON.stringify({ bars: BARS, ...result, ...counts, waits }));
      return;
    }
    const met = (is: boolean) => (is ? 'met' : 'MISSED');
    const s = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
    console.log(`${counts.alerts} alerts were raised, and ${counts.messages} messages put into the outbox.`);
    console.log(
      `First look: ${s(raise)} raising and ${s(tell)} telling, ${result.ratio.toFixed(1)} times a bare copy of the same rows (${s(bare)}); ${s(cpu)} of a processor. Bar ${s(BARS.first)}: ${met(raise + tell < BARS.first)}`,
    );
    console.log(
      `Another writer waited ${waits.p50.toFixed(1)} ms (p50), ${waits.p95.toFixed(1)} ms (p95), ${waits.worst.toFixed(1)} ms (worst) of ${waits.count} times. Bar ${BARS.wait} ms: ${met(waits.worst < BARS.wait)}`,
    );
    console.log(
      `A round with nothing new: ${quiet.toFixed(1)} ms (p50), ${result.quietWorst.toFixed(1)} ms (worst, with its sweep), ${quietCpu.toFixed(1)} ms of a processor. Bar ${BARS.idle} ms: ${met(quiet < BARS.idle)}`,
    );
  } finally {
    database.close();
    rmSync(folder, { recursive: true });
  }
}

function prepare(database: OpenDatabase, size: AlertDataSize): void {
  const url = 'https://alerts.models.example/';
  putAlertsInForce(database, {
    channels: [
      { kind: 'webhook', url, secrets: [{ env: 'MODELTRAIL_SECRET' }], name: 'hooks' },
      { kind: 'webhook', url, secrets: [{ env: 'MODELTRAIL_SECRET' }], name: 'pager' },
    ],
    routes: [
      { name: 'all', channels: ['hooks'], resolved: true },
      { name: 'northwind', models: ['northwind/*'], severity: 'high', channels: ['pager'], repeat: '24h' },
      { name: 'daily', channels: ['hooks'], digest: 'daily' },
    ],
  });
  mintAlertCauses(database, size);
}

/** What nothing could do without: reads the rows that alerts come from, and writes those that came of them elsewhere. */
function copyBare({ sqlite }: OpenDatabase, path: string): number {
  const rows = (text: string) => sqlite.prepare(text).all() as Record<string, unknown>[];
  const made = ['alerts', 'messages', 'message_alerts'].map(
    (table) => [table, rows(`SELECT * FROM ${table}`)] as const,
  );
  const copy = createDatabase(path);
  try {
    const start = performance.now();
    rows(
      'SELECT e.id, e.row, e.san, e.issuer, e.digest, e.authenticity, e.claim, e.occurred_at FROM events e ORDER BY row',
    );
    rows('SELECT event_id, rule, how, own, value FROM event_matches');
    rows('SELECT * FROM findings');
    for (const [table, values] of made) {
      const [first] = values;
      if (!first) continue;
      const columns = Object.keys(first);
      const insert = copy.sqlite.prepare(
        `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((name) => `@${name}`).join(', ')})`,
      );
      for (let from = 0; from < values.length; from += BATCH) {
        copy.sqlite.transaction(() => {
          for (const value of values.slice(from, from + BATCH)) insert.run(value);
        })();
      }
    }
    return performance.now() - start;
  } finally {
    copy.close();
  }
}

interface Waits {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly worst: number;
}

/** Writes a row ten times a second, as the tail or somebody at a page would, and notes how long it had to wait. */
class OtherWriter {
  readonly #path: string;
  #worker: Worker | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  async start(): Promise<void> {
    const worker = new Worker(new URL('./alerts-writer.ts', import.meta.url), { workerData: this.#path });
    this.#worker = worker;
    await new Promise((resolve) => worker.once('message', resolve));
  }

  async stop(): Promise<Waits> {
    const worker = this.#worker;
    if (!worker) throw new Error('the other writer was not started');
    const waits = await new Promise<number[]>((resolve) => {
      worker.once('message', resolve);
      worker.postMessage('stop');
    });
    await worker.terminate();
    return { count: waits.length, p50: at(waits, 0.5), p95: at(waits, 0.95), worst: Math.max(...waits) };
  }
}

/** Processor time in milliseconds: what the clock would say if nothing else ran. */
function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function countOf({ sqlite }: OpenDatabase, table: string): number {
  return Number(sqlite.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
}

async function time(run: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

function at(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
