import { formatCount, formatPlural } from '#lib/provenance/format.ts';
import type { LogSummary } from '#lib/services/log/list.ts';

const HEIGHT = 14;

/** Which part of a log has been read and proved: a bar for the eye, and the numbers that it is drawn from. */
export function CoverageBar({ log }: { log: LogSummary }) {
  const size = Math.max(log.observedSize, log.verifiedSize, ...log.coverage.map(({ endIndex }) => endIndex));
  const covered = log.coverage.reduce((sum, { startIndex, endIndex }) => sum + endIndex - startIndex, 0);
  if (size === 0) return <p className="text-muted">The log is empty, or has not been reached yet.</p>;
  const pattern = `unread-${log.id}`;
  return (
    <div>
      <svg
        width="100%"
        height={HEIGHT}
        role="img"
        aria-label={`${formatCount(covered)} of ${formatCount(size)} entries verified`}
        className="rounded-sm"
      >
        <defs>
          <pattern id={pattern} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="6" height="6" fill="var(--sunken)" />
            <line y2="6" stroke="var(--edge)" strokeWidth="1.4" />
          </pattern>
        </defs>
        <rect width="100%" height={HEIGHT} fill={`url(#${pattern})`} />
        {log.coverage.map(({ startIndex, endIndex }) => (
          <rect
            key={startIndex}
            x={percent(startIndex / size)}
            width={percent((endIndex - startIndex) / size)}
            height={HEIGHT}
            fill="var(--proven)"
          />
        ))}
        <rect x="0.5" y="0.5" width="100%" height={HEIGHT - 1} fill="none" stroke="var(--edge)" />
      </svg>
      <ul className="mt-1.5 flex flex-wrap gap-x-5 gap-y-0.5 text-[0.8125rem] tabular-nums">
        {log.coverage.map(({ startIndex, endIndex }) => (
          <li key={startIndex} className="flex items-center gap-1.5">
            <Swatch fill="var(--proven)" />
            {formatCount(startIndex)} to {formatCount(endIndex - 1)} verified
          </li>
        ))}
        {uncovered(log, size).map(({ from, to, why }) => (
          <li key={from} className="flex items-center gap-1.5 text-muted">
            <Swatch fill={`url(#${pattern})`} />
            {formatCount(from)} to {formatCount(to - 1)} {why} ({formatPlural(to - from, 'entry', 'entries')})
          </li>
        ))}
      </ul>
    </div>
  );
}

function Swatch({ fill }: { fill: string }) {
  return (
    <svg width="10" height="10" aria-hidden="true" className="shrink-0">
      <rect x="0.5" y="0.5" width="9" height="9" fill={fill} stroke="var(--edge)" />
    </svg>
  );
}

/** What no range covers, and why: said, never left to be guessed. */
function uncovered(log: LogSummary, size: number) {
  const gaps: { from: number; to: number; why: string }[] = [];
  let next = 0;
  for (const { startIndex, endIndex } of log.coverage) {
    if (startIndex > next)
      gaps.push({
        from: next,
        to: startIndex,
        why: next === 0 && startIndex === log.startIndex ? 'before the start of the tail' : 'not verified',
      });
    next = Math.max(next, endIndex);
  }
  if (next < size) gaps.push({ from: next, to: size, why: 'still to read' });
  return gaps;
}

function percent(part: number): string {
  return `${Math.round(part * 1_000_000) / 10_000}%`;
}
