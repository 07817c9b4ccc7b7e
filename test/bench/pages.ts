import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { OpenDatabase } from '#db/client.ts';
import { createDatabase } from '#db/migrate.ts';
import { USUAL_PARTS } from '#lib/provenance/shared-parts.ts';
import { publish } from '#lib/services/sharing/publish.ts';
import { type RunningWeb, startWeb } from '#test/support/browser.ts';
import { mintDense } from '#test/support/dense.ts';

interface PagesOptions {
  readonly events: number;
  readonly models: number;
  /** Requests of each page that are measured, one after another. */
  readonly requests: number;
  readonly json: boolean;
}

interface Row {
  readonly page: string;
  /** Milliseconds until the last byte. */
  readonly p50: number;
  readonly p95: number;
  readonly emptyP95: number;
  readonly ratio: number;
  readonly kilobytes: number;
}

const WARM_UP = 5;
/** What is asked of pages and API, in milliseconds, and of their ratio to an empty database. */
const BAR = 100;
const RATIO = 2;

/** Pages and API over a database as years would leave it, beside the same pages over an empty one, in turns. */
export async function benchPages({ events, models, requests, json }: PagesOptions): Promise<void> {
  const say = (text: string) => json || console.log(text);
  const folder = mkdtempSync(join(tmpdir(), 'modeltrail-bench-'));
  const running: RunningWeb[] = [];
  try {
    say(`Filling a database with ${events.toLocaleString('en')} events and ${models.toLocaleString('en')} models…`);
    const pages = fill(join(folder, 'dense.db'), { events, models });
    createDatabase(join(folder, 'empty.db')).close();
    for (const name of ['dense.db', 'empty.db']) running.push(await startWeb(join(folder, name)));
    const [dense, empty] = running;
    if (!dense || !empty) throw new Error('two servers were started');
    const rows: Row[] = [];
    for (const [page, beside] of pages) {
      const row = await measure({ page, beside, dense: dense.url, empty: empty.url, requests });
      rows.push(row);
      say(
        `${row.page.slice(0, 58).padEnd(58)}  p50 ${ms(row.p50)}  p95 ${ms(row.p95)}  empty p95 ${ms(row.emptyP95)}  ratio ${row.ratio.toFixed(2)}  ${row.kilobytes} kB${isMet(row) ? '' : '  MISSED'}`,
      );
    }
    const missed = rows.filter((row) => !isMet(row)).map(({ page }) => page);
    say(
      `${rows.length - missed.length} of ${rows.length} within ${BAR} ms and ${RATIO} times the empty database (or under ${BAR / 2} ms)`,
    );
    if (json) console.log(JSON.stringify({ events, models, requests, missed, rows }));
  } finally {
    for (const web of running) await web.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A page that answers in half the time that is asked for is quick, however little an empty database would take. */
function isMet({ p95, ratio }: Row): boolean {
  return p95 <= BAR && (ratio <= RATIO || p95 <= BAR / 2);
}

/** Fills the database, and says what to ask for: each page, and the one that an empty database has in its place. */
function fill(path: string, size: { readonly events: number; readonly models: number }): readonly [string, string][] {
  const database = createDatabase(path);
  try {
    mintDense(database, { now: Date.now(), ...size });
    database.sqlite.exec('ANALYZE');
    return pagesOf(database);
  } finally {
    database.close();
  }
}

function pagesOf(database: OpenDatabase): readonly [string, string][] {
  const one = (sql: string) => String(database.sqlite.prepare(sql).pluck().get());
  const slug = one('SELECT slug FROM models ORDER BY last_signed_at DESC LIMIT 1');
  const event = one('SELECT id FROM events ORDER BY occurred_at DESC LIMIT 1');
  const model = one('SELECT id FROM models ORDER BY last_signed_at DESC LIMIT 1');
  const root = one('SELECT root FROM versions ORDER BY first_seen_at DESC LIMIT 1');
  const shared = publish(
    { database, now: Date.now, log: pino({ level: 'silent' }) },
    { kind: 'model', targetId: model, parts: USUAL_PARTS, actor: { kind: 'command-line' } },
  );
  return [
    ['/', '/'],
    ['/models', '/models'],
    [`/models/${slug}`, '/models'],
    ['/events', '/events'],
    ['/events?claim=unclaimed&own=true', '/events?claim=unclaimed&own=true'],
    ['/events?q=models.example', '/events?q=models.example'],
    [`/events/${event}`, '/events'],
    ['/identities', '/identities'],
    ['/datasets', '/datasets'],
    ['/certificates', '/certificates'],
    ['/logs', '/logs'],
    ['/alerts', '/alerts'],
    ['/incidents', '/incidents'],
    ['/deployments', '/deployments'],
    [`/artifacts/sha256/${root}`, '/models'],
    [`/p/${shared}`, '/sign-in'],
    ['/api/v1/events?limit=50', '/api/v1/events?limit=50'],
    ['/api/v1/models?limit=50', '/api/v1/models?limit=50'],
    [`/api/v1/models/${slug}`, '/api/v1/models?limit=50'],
    ['/healthz', '/healthz'],
  ];
}

async function measure(asked: {
  readonly page: string;
  readonly beside: string;
  readonly dense: string;
  readonly empty: string;
  readonly requests: number;
}): Promise<Row> {
  const { page, beside, requests } = asked;
  const full: number[] = [];
  const bare: number[] = [];
  let bytes = 0;
  for (let i = -WARM_UP; i < requests; i++) {
    const [dense, empty] = [await ask(`${asked.dense}${page}`), await ask(`${asked.empty}${beside}`)];
    if (i < 0) continue;
    full.push(dense.milliseconds);
    bare.push(empty.milliseconds);
    bytes = dense.bytes;
  }
  const p95 = percentile(full, 0.95);
  const emptyP95 = percentile(bare, 0.95);
  return {
    page,
    p50: percentile(full, 0.5),
    p95,
    emptyP95,
    ratio: p95 / emptyP95,
    kilobytes: Math.round(bytes / 1000),
  };
}

async function ask(url: string): Promise<{ readonly milliseconds: number; readonly bytes: number }> {
  const began = performance.now();
  const response = await fetch(url, { redirect: 'manual' });
  const { byteLength: bytes } = await response.arrayBuffer();
  if (response.status !== 200 && !url.endsWith('/healthz')) throw new Error(`${url} answered ${response.status}`);
  return { milliseconds: performance.now() - began, bytes };
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

function ms(value: number): string {
  return `${value.toFixed(0).padStart(4)} ms`;
}
