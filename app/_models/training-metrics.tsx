import { formatCount } from '#lib/provenance/format.ts';
import type { MetricSummary, TrainingLogSummary } from '#lib/training-log/summary.ts';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { Value } from '../_ui/value.tsx';
import { sparkline } from './sparkline.ts';

const WIDTH = 180;
const HEIGHT = 36;

/** Metrics of a run, a row each; the picture says nothing that the numbers do not. */
export function TrainingMetrics({ summary: { metrics, counts }, run }: { summary: TrainingLogSummary; run: string }) {
  if (metrics.length === 0) return null;
  const left = counts.metrics - metrics.length;
  return (
    <ScrollArea label={`Metrics of ${run}`}>
      <table className="table table-stack">
        <caption className="sr-only">Metrics as the run wrote them</caption>
        <thead>
          <tr>
            <th scope="col">Metric</th>
            <th scope="col">Course</th>
            <th scope="col" className="numeric">
              Last
            </th>
            <th scope="col" className="numeric">
              Least
            </th>
            <th scope="col" className="numeric">
              Most
            </th>
            <th scope="col" className="numeric">
              Values
            </th>
          </tr>
        </thead>
        <tbody>
          {metrics.map((metric) => (
            <MetricRow key={metric.name} metric={metric} />
          ))}
        </tbody>
      </table>
      {left > 0 ? <p className="px-3 py-2 text-muted">{formatCount(left)} more metrics are in the file.</p> : null}
    </ScrollArea>
  );
}

function MetricRow({ metric }: { metric: MetricSummary }) {
  const { name, count, last, least, most } = metric;
  return (
    <tr>
      <th scope="row" data-label="Metric">
        <Value value={name} limit={60} />
      </th>
      <td data-label="Course">
        <svg
          width={WIDTH}
          height={HEIGHT}
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          aria-hidden="true"
          className="text-accent"
        >
          <path d={sparkline(metric, WIDTH, HEIGHT)} fill="none" stroke="currentColor" strokeWidth="1.5" />
        </svg>
      </td>
      <td data-label="Last" className="numeric">
        {formatNumber(last)}
      </td>
      <td data-label="Least" className="numeric">
        {formatNumber(least)}
      </td>
      <td data-label="Most" className="numeric">
        {formatNumber(most)}
      </td>
      <td data-label="Values" className="numeric">
        {formatCount(count)}
      </td>
    </tr>
  );
}

/** Six digits are enough to look at; the file has them all. */
function formatNumber(value: number): string {
  return String(Number(value.toPrecision(6)));
}
