import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '#db/client.ts';
import { createDatabase } from '#db/migrate.ts';
import { canaries } from '#db/schema/canary.ts';
import { renderMetrics } from '#lib/http/prometheus.ts';
import { getMetrics } from '#lib/services/metrics/get.ts';
import { MINT_TIME, mintCheckpoint, mintCoverage, mintEvent, mintFault, mintLog } from '#test/factories.ts';
import { mintConfiguration, mintJobs } from '#test/state-factories.ts';

const NOW = MINT_TIME + 60_000;
const HOSTILE = 'log.example"} 1\nmodeltrail_health 0 # \\\u202e\r';
let database: OpenDatabase;

beforeEach(() => {
  database = createDatabase(':memory:');
});
afterEach(() => database.close());

/** The text format of Prometheus, read strictly: every line is a comment or one sample. */
function parse(text: string): Map<string, number> {
  const samples = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line === '' || /^# (?:HELP|TYPE) modeltrail_[a-z_]+ \S/.test(line)) continue;
    const [, name, labels = '', value] =
      /^(modeltrail_[a-z_]+)(\{(?:[a-z_]+="(?:[^"\\\n]|\\[\\"n])*",?)*\})? (-?[0-9.e+]+)$/.exec(line) ?? [];
    expect(name, line).toBeDefined();
    expect(samples.has(`${name}${labels}`), line).toBe(false);
    samples.set(`${name}${labels}`, Number(value));
  }
  return samples;
}

const read = async () => parse(await renderMetrics(await getMetrics(database, { now: NOW })));

describe('metrics', () => {
  it('are readable on an empty database, and claim nothing that is not known', async () => {
    const samples = await read();
    expect(samples.get('modeltrail_health')).toBe(2);
    expect(samples.get('modeltrail_jobs_running')).toBe(0);
    expect([...samples.keys()].filter((name) => /trust_root|canary|log_/.test(name))).toEqual([]);
  });

  it('tell how each log, the jobs and the events stand, the same however often they are asked for', async () => {
    mintConfiguration(database, { trustLoadedAt: NOW - 5000, trustExpiresAt: NOW - 2000 });
    mintJobs(database, NOW);
    const log = mintLog(database, { origin: 'a.example', observedSize: 1500, rate: 50, mirrorBytes: 7 });
    mintCoverage(database, log, 0, 400);
    mintFault(database, log, { count: 4 });
    const checkpoint = mintCheckpoint(database, log);
    mintEvent(database, { log, checkpoint, logIndex: 1 });
    mintEvent(database, { log, checkpoint, logIndex: 2 }, { undecided: 'no JSON', authenticity: 'unverifiable' });
    database.db
      .insert(canaries)
      .values({ digest: 'ab', signedAt: NOW - 9000, seenAt: NOW - 4000 })
      .run();
    const samples = await read();
    const of = (name: string) => samples.get(`modeltrail_log_${name}{origin="a.example",api="rekor-v2"}`);
    expect([of('observed_entries'), of('verified_entries'), of('backlog_entries'), of('mirror_bytes')]).toEqual([
      1500, 1000, 500, 7,
    ]);
    expect([of('rate_entries_per_second'), of('last_success_age_seconds'), of('fresh'), of('frozen')]).toEqual([
      50, 60, 1, 0,
    ]);
    expect([of('freshness_objective_seconds'), of('coverage_entries'), of('coverage_gaps')]).toEqual([900, 400, 1]);
    expect(
      samples.get(
        'modeltrail_log_open_faults{origin="a.example",api="rekor-v2",code="server-error",severity="failure"}',
      ),
    ).toBe(1);
    expect(samples.get('modeltrail_events{claim="unclaimed",authenticity="verified"}')).toBe(1);
    expect(samples.get('modeltrail_events_undecided')).toBe(1);
    expect(samples.get('modeltrail_trust_root_expires_in_seconds')).toBe(-2);
    expect(samples.get('modeltrail_canary_latency_seconds')).toBe(5);
    expect(samples.get('modeltrail_job_failed{job="tail"}')).toBe(0);
    expect(await read()).toEqual(samples);
  });

  it('are all that the alert rules ask for', async () => {
    mintConfiguration(database, { trustLoadedAt: NOW, trustExpiresAt: NOW });
    mintJobs(database, NOW);
    const log = mintLog(database);
    mintEvent(database, { log, checkpoint: mintCheckpoint(database, log), logIndex: 1 });
    const rules = readFileSync(new URL('../../../docs/prometheus-rules.yaml', import.meta.url), 'utf8');
    const asked = new Set([...rules.matchAll(/modeltrail_[a-z_]+/g)].map(([name]) => name));
    const text = await renderMetrics(await getMetrics(database, { now: NOW }));
    expect(asked.size).toBeGreaterThan(10);
    expect([...asked].filter((name) => !text.includes(`# HELP ${name} `))).toEqual([]);
  });

  it('cannot be forged by the name of a log', async () => {
    mintLog(database, { origin: HOSTILE });
    const samples = await read();
    expect(samples.get('modeltrail_health')).toBe(2);
    const forged = [...samples.keys()].find((name) => name.startsWith('modeltrail_log_frozen'));
    expect(forged).toContain('log.example\\"} 1');
    expect(forged).toContain('\\\\u{202e}');
  });
});
