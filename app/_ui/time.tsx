import { formatIso, formatUtc, TIME_SOURCES, type TimeSource } from '#lib/provenance/format.ts';
import { Age } from './age.tsx';

interface TimeProps {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** What proves the time. Times of our own clock have none and say so by their label. */
  readonly source?: TimeSource | null;
  /** The server's time now, to show the age as well. */
  readonly now?: number;
  /** Puts source and age under the time rather than beside it. */
  readonly stacked?: boolean;
}

/** A time in UTC with what proves it; the age is an extra. */
export function Time({ at, source, now, stacked = false }: TimeProps) {
  const extra = source || now !== undefined;
  return (
    <span className={stacked ? 'flex flex-col' : undefined}>
      <time dateTime={formatIso(at)} className="whitespace-nowrap tabular-nums">
        {formatUtc(at)}
      </time>
      {extra ? (
        <span className="text-muted">
          {stacked ? null : ' · '}
          {source ? <span className="whitespace-nowrap">{TIME_SOURCES[source]}</span> : null}
          {source && now !== undefined ? ' · ' : null}
          {now === undefined ? null : <Age at={at} now={now} />}
        </span>
      ) : null}
    </span>
  );
}
