import type { TrainingLogEntry } from './entry.ts';

export const SUMMARY_METRICS = 20;
export const SUMMARY_POINTS = 500;
const SUMMARY_ROWS = 200;

/** A value of a metric: its step, or the number of its line where it states none. */
export type MetricPoint = readonly [x: number, value: number];

export interface MetricSummary {
  readonly name: string;
  readonly count: number;
  readonly last: number;
  readonly least: number;
  readonly most: number;
  /** At most 500, evenly chosen, the first and the last among them. */
  readonly points: readonly MetricPoint[];
}

/** What pages show of a log without reading it whole. Every value is what the run wrote: a claim. */
export interface TrainingLogSummary {
  readonly metrics: readonly MetricSummary[];
  readonly checkpoints: readonly {
    readonly step: number | null;
    readonly path: string;
    readonly sha256: string;
    readonly of: 'file' | 'model';
    readonly at: number;
  }[];
  readonly events: readonly { readonly text: string; readonly at: number }[];
  /** How many there are in all, of which the lists hold the first 20 metrics, and the last 200 of each other kind. */
  readonly counts: { readonly metrics: number; readonly checkpoints: number; readonly events: number };
  /** Writers' clocks: first and last entry; null where there is none. */
  readonly firstAt: number | null;
  readonly lastAt: number | null;
  /** Entries whose time lies before that of the entry before: a clock was set, or lines were not written as they happened. */
  readonly clockSteps: number;
}

/** Sums up the entries of a log within bounds. */
export function summariseTrainingLog(entries: readonly TrainingLogEntry[]): TrainingLogSummary {
  const series = new Map<string, MetricPoint[]>();
  let clockSteps = 0;
  for (const [i, entry] of entries.entries()) {
    if (entry.at < (entries[i - 1]?.at ?? 0)) clockSteps++;
    if (entry.kind !== 'metric') continue;
    for (const [name, value] of Object.entries(entry.values)) {
      const points = series.get(name) ?? [];
      points.push([entry.step ?? entry.seq, value]);
      series.set(name, points);
    }
  }
  const checkpoints = entries.flatMap((entry) => {
    if (entry.kind !== 'checkpoint') return [];
    const { step, path, sha256, of, at } = entry;
    return [{ step, path, sha256, of, at }];
  });
  const events = entries.flatMap((entry) => (entry.kind === 'event' ? [{ text: entry.text, at: entry.at }] : []));
  return {
    metrics: [...series].slice(0, SUMMARY_METRICS).map(([name, points]) => summariseMetric(name, points)),
    checkpoints: checkpoints.slice(-SUMMARY_ROWS),
    events: events.slice(-SUMMARY_ROWS),
    counts: { metrics: series.size, checkpoints: checkpoints.length, events: events.length },
    firstAt: entries[0]?.at ?? null,
    lastAt: entries.at(-1)?.at ?? null,
    clockSteps,
  };
}

function summariseMetric(name: string, points: readonly MetricPoint[]): MetricSummary {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [, value] of points) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return { name, count: points.length, last: points.at(-1)?.[1] ?? 0, least, most, points: choose(points) };
}

function choose(points: readonly MetricPoint[]): MetricPoint[] {
  if (points.length <= SUMMARY_POINTS) return [...points];
  const stride = (points.length - 1) / (SUMMARY_POINTS - 1);
  return Array.from({ length: SUMMARY_POINTS }, (_, i) => points[Math.round(i * stride)] ?? [0, 0]);
}
