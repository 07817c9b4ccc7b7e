import { Gauge, Registry } from 'prom-client';
import { elideMiddle, showText } from '#lib/provenance/untrusted-text.ts';
import type { Metrics } from '#lib/services/metrics/get.ts';
import { VERSION } from '#lib/version.ts';

const MAX_LABEL = 255;
const LEVEL = { ok: 0, degraded: 1, failing: 2 } as const;

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [labels: Labels, value: number | null];

/** The media type of what `renderMetrics` gives. */
export const METRICS_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/**
 * Metrics in the text format of Prometheus (0.0.4). Every one is a gauge of what the database holds, in a registry of its
 * own: nothing is counted in this process, so that nothing is counted twice. Unknown values are left out.
 */
export function renderMetrics(metrics: Metrics): Promise<string> {
  const registry = new Registry();
  const add = (name: string, help: string, samples: readonly Sample[]) => {
    const labelNames = [...new Set(samples.flatMap(([labels]) => Object.keys(labels)))];
    const gauge = new Gauge({ name: `modeltrail_${name}`, help, labelNames, registers: [registry] });
    for (const [labels, value] of samples) if (value !== null) gauge.set(plain(labels), value);
    // A gauge without labels begins at 0, which would be a lie for one that is not known.
    if (labelNames.length === 0 && samples.every(([, value]) => value === null))
      registry.removeSingleMetric(`modeltrail_${name}`);
  };
  add('build_info', 'The version of this software.', [[{ version: VERSION }, 1]]);
  addHealth(add, metrics);
  addLogs(add, metrics);
  addCounts(add, metrics);
  addTests(add, metrics);
  return registry.metrics();
}

type Add = (name: string, help: string, samples: readonly Sample[]) => void;

function addHealth(add: Add, { health, now, trust }: Metrics): void {
  const { checks, jobs } = health;
  const sources = checks.filter(({ name }) => name === 'source');
  add('health', 'How it all does: 0 ok, 1 degraded, 2 failing.', [[{}, LEVEL[health.state]]]);
  const worst = new Map<string, number>();
  for (const { name, state } of checks) worst.set(name, Math.max(worst.get(name) ?? 0, LEVEL[state]));
  add(
    'health_check',
    'The worst of each kind of check: 0 ok, 1 degraded, 2 failing.',
    [...worst].map(([check, level]) => [{ check }, level]),
  );
  add('sources_failing', 'Sources whose last look failed.', [[{}, sources.length]]);
  add('jobs_running', 'Whether a process runs the jobs.', [[{}, Number(jobs.isRunning)]]);
  const ofJobs = (value: (run: (typeof jobs.runs)[number]) => number | null) =>
    jobs.runs.map((run): Sample => [{ job: run.name }, value(run)]);
  add(
    'job_last_start_timestamp_seconds',
    'When each job last began.',
    ofJobs(({ startedAt }) => startedAt / 1000),
  );
  add(
    'job_last_finish_timestamp_seconds',
    'When each job last ended.',
    ofJobs(({ finishedAt }) => finishedAt && finishedAt / 1000),
  );
  add(
    'job_failed',
    'Whether the last run of each job failed.',
    ofJobs(({ error }) => Number(error !== null)),
  );
  add('trust_root_age_seconds', 'Since the trust root was last refreshed.', [
    [{}, trust && (now - trust.loadedAt) / 1000],
  ]);
  const expiresAt = trust?.expiresAt ?? null;
  add('trust_root_expires_in_seconds', 'Until the TUF metadata runs out; negative when it has.', [
    [{}, expiresAt === null ? null : (expiresAt - now) / 1000],
  ]);
}

function addLogs(add: Add, { logs, now }: Metrics): void {
  const ofLogs = (value: (log: (typeof logs)[number]) => number | null) =>
    logs.map((log): Sample => [{ origin: log.origin, api: log.api }, value(log)]);
  add(
    'log_observed_entries',
    'Size of the newest signed head.',
    ofLogs(({ observed }) => observed),
  );
  add(
    'log_verified_entries',
    'Up to here the entries gave the signed root.',
    ofLogs(({ verified }) => verified),
  );
  add(
    'log_downloaded_entries',
    'Up to here every entry was bound to a signed root.',
    ofLogs(({ downloaded }) => downloaded),
  );
  add(
    'log_backlog_entries',
    'Signed by the log and not verified yet.',
    ofLogs(({ backlog }) => backlog),
  );
  add(
    'log_rate_entries_per_second',
    'Of the latest catch-up.',
    ofLogs(({ rate }) => rate),
  );
  add(
    'log_last_success_age_seconds',
    'Since the last good answer.',
    ofLogs(({ lastSuccessAt }) => (lastSuccessAt === null ? null : (now - lastSuccessAt) / 1000)),
  );
  add(
    'log_freshness_objective_seconds',
    'How old the last good answer may be.',
    ofLogs(({ freshness }) => freshness / 1000),
  );
  add(
    'log_fresh',
    'Whether the log meets its objective.',
    ofLogs(({ staleSince }) => Number(staleSince === null)),
  );
  add(
    'log_frozen',
    'Whether the log contradicted itself.',
    ofLogs(({ state }) => Number(state === 'frozen')),
  );
  add(
    'log_open_faults',
    'Open faults by code.',
    logs.flatMap(({ origin, api, faults }) =>
      faults.map(({ code, severity }): Sample => [{ origin, api, code, severity }, 1]),
    ),
  );
  add(
    'log_coverage_entries',
    'Entries that were verified and looked at.',
    ofLogs(({ coverage }) => coverage.entries),
  );
  add(
    'log_coverage_gaps',
    'Holes in what was looked at.',
    ofLogs(({ coverage }) => coverage.gaps.length),
  );
  add(
    'log_mirror_bytes',
    'What the mirror takes on disk.',
    ofLogs(({ mirrorBytes }) => mirrorBytes),
  );
}

function addCounts(add: Add, { events, undecided, bundles, expected }: Metrics): void {
  add(
    'events',
    'Signing events by what is known of them.',
    events.map(({ claim, authenticity, count }) => [{ claim, authenticity }, count]),
  );
  add('events_undecided', 'Entries that could not be decided.', [[{}, undecided]]);
  add(
    'bundles',
    'Bundles by state.',
    bundles.map(({ state, count }) => [{ state }, count]),
  );
  add('expected_signings', 'Declared signings that may still come, and signings that were accounted for.', [
    [{ state: 'open' }, expected.open],
    [{ state: 'used' }, expected.used],
  ]);
}

function addTests(add: Add, { canary }: Metrics): void {
  const { signedAt = null, seenAt = null, latency = null } = canary ?? {};
  const seconds = (time: number | null) => (time === null ? null : time / 1000);
  add('canary_last_signed_timestamp_seconds', 'When the last canary was signed.', [[{}, seconds(signedAt)]]);
  add('canary_last_seen_timestamp_seconds', 'When the last canary was seen.', [[{}, seconds(seenAt)]]);
  add('canary_latency_seconds', 'From signed to seen, of the last that was seen.', [[{}, seconds(latency)]]);
}

/** Origins and names of jobs are others' text: what could break a line or hide is written out, and the length bounded. */
function plain(labels: Labels): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).map(([name, value]) => [name, elideMiddle(showText(value), MAX_LABEL)]),
  );
}
