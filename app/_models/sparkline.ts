import type { MetricSummary } from '#lib/training-log/summary.ts';

const MARGIN = 2;

/** The line of a metric as SVG path data in a box of `width` by `height`: steps to the right, values upwards. */
export function sparkline({ points, least, most }: MetricSummary, width: number, height: number): string {
  const xs = points.map(([x]) => x);
  const left = xs.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const right = xs.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const across = (x: number) => place(x, left, right, width);
  const up = (y: number) => height - place(y, least, most, height);
  return points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${across(x).toFixed(1)} ${up(y).toFixed(1)}`).join('');
}

/** In the middle where all are the same. Halved first: the span of two doubles can be more than a double holds. */
function place(value: number, from: number, to: number, length: number): number {
  const span = to / 2 - from / 2;
  const share = span > 0 ? (value / 2 - from / 2) / span : 0.5;
  return MARGIN + share * (length - 2 * MARGIN);
}
