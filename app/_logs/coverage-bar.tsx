import { formatCount, formatPlural } from '#lib/provenance/format.ts';
import { READ_BY_INDEX } from '#lib/provenance/log-words.ts';
import type { LogSummary } from '#lib/services/log/list.ts';
import { type CoverageGap, coverageGaps, sizeOf } from './coverage-gaps.ts';

const HEIGHT = 14;
/** Ranges named at once; a log whose past is being read has many. */
const SHOWN = 4;

/** Which part of a log has been read and proved: a bar for the eye, and the numbers that it is drawn from. */
export function CoverageBar({ log }: { log: LogSummary }) {
  if (log.reading === 'index') return <p className="max-w-[90ch]">{READ_BY_INDEX}</p>;
  const size = sizeOf(log);
  if (size === 0) return <p className="text-muted">The log is empty, or has not been reached yet.</p>;
  const pattern = `unread-${log.id}`;
  return (
    <div>
      <svg
        width="100%"
        height={HEIGHT}
        role="img"
        aria-label={`${formatCount(log.coveredEntries)} of ${formatCount(size)} entries verified, in ${formatPlural(log.coverageRanges, 'range')}`}
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
      <p className="mt-1.5 text-[0.8125rem]">
        {formatCount(log.coveredEntries)} of {formatCount(size)} entries verified
        {log.coverageRanges > 1 ? `, in ${formatPlural(log.coverageRanges, 'range')}` : ''}
        {log.coveredEntries < size ? (
          <span className="text-muted"> ({percentWord(log.coveredEntries / size)})</span>
        ) : null}
      </p>
      <ul className="mt-1 flex flex-wrap gap-x-6 gap-y-1 text-[0.8125rem]">
        {log.coverage.slice(0, SHOWN).map(({ startIndex, endIndex }) => (
          <li key={startIndex} className="flex items-center gap-1.5">
            <Swatch fill="var(--proven)" />
            {formatCount(startIndex)} to {formatCount(endIndex - 1)} verified
          </li>
        ))}
        {log.coverageRanges > SHOWN ? (
          <li>and {formatPlural(log.coverageRanges - SHOWN, 'more verified range')}</li>
        ) : null}
        {[...Map.groupBy(coverageGaps(log), ({ why }) => why)].map(([why, gaps]) => (
          <Gaps key={why} why={why} gaps={gaps} fill={`url(#${pattern})`} />
        ))}
      </ul>
    </div>
  );
}

/** Stretches that are not verified for one reason: a few of them each, many of them as one. */
function Gaps({ why, gaps, fill }: { why: string; gaps: readonly CoverageGap[]; fill: string }) {
  if (gaps.length > SHOWN) {
    const entries = gaps.reduce((sum, { from, to }) => sum + to - from, 0);
    return (
      <li className="flex items-center gap-1.5 text-muted">
        <Swatch fill={fill} />
        {formatPlural(gaps.length, 'gap')} {why} ({formatPlural(entries, 'entry', 'entries')})
      </li>
    );
  }
  return gaps.map(({ from, to }) => (
    <li key={from} className="flex items-center gap-1.5 text-muted">
      <Swatch fill={fill} />
      {formatCount(from)} to {formatCount(to - 1)} {why} ({formatPlural(to - from, 'entry', 'entries')})
    </li>
  ));
}

function Swatch({ fill }: { fill: string }) {
  return (
    <svg width="10" height="10" aria-hidden="true" className="shrink-0">
      <rect x="0.5" y="0.5" width="9" height="9" fill={fill} stroke="var(--edge)" />
    </svg>
  );
}

function percent(part: number): string {
  return `${Math.round(part * 1_000_000) / 10_000}%`;
}

/** Never rounded up to all of it. */
function percentWord(part: number): string {
  return `${(Math.floor(part * 1000) / 10).toFixed(1)}%`;
}
