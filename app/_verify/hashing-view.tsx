'use client';

import type { FileRow, FileStep, HashingView as View } from '#lib/browser/hashing-run.ts';
import { formatBytes, formatCount, formatDuration, formatPlural } from '#lib/provenance/format.ts';
import type { State } from '#lib/provenance/state.ts';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Value } from '../_ui/value.tsx';
import { ProgressBar } from './progress-bar.tsx';

const STEPS: Readonly<Record<Exclude<FileStep, 'hashing'>, State>> = {
  waiting: { tone: 'unknown', word: 'Waiting', meaning: 'Not hashed yet.' },
  hashed: { tone: 'claimed', word: 'Hashed', meaning: 'Hashed here; held against nothing yet.' },
  failed: { tone: 'broken', word: 'Failed', meaning: 'Could not be hashed.' },
};

/** How far hashing is, in all and file by file. */
export function HashingView({ view, onCancel }: { view: View; onCancel: () => void }) {
  const { files, done, failed, bytes, totalBytes, share, speed, timeLeft, rows } = view;
  const left = timeLeft === null ? 'time left not known yet' : `about ${formatDuration(timeLeft + 999)} left`;
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-2">
        <div className="min-w-0 flex-1 basis-72">
          <p className="mb-1 tabular-nums">
            {formatCount(done)} of {formatPlural(files, 'file')}, {formatBytes(bytes)} of {formatBytes(totalBytes)}
            {failed > 0 ? `, ${formatCount(failed)} failed` : ''}
            <span className="text-muted">
              {' · '}
              {speed === null ? 'measuring the speed' : `${formatBytes(speed)}/s`}
              {' · '}
              {left}
            </span>
          </p>
          <ProgressBar className="w-full" max={1} value={share} label="Hashed in all" />
        </div>
        <button type="button" className="button" onClick={onCancel}>
          Cancel
        </button>
      </div>
      <ScrollArea label="Files being hashed" className="max-h-[28rem] rounded border border-line">
        <table className="table">
          <thead className="sticky top-0 z-1 bg-surface">
            <tr>
              <th scope="col">File</th>
              <th scope="col">Size</th>
              <th scope="col">State</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.path} row={row} />
            ))}
          </tbody>
        </table>
      </ScrollArea>
      {files > rows.length ? (
        <p className="text-muted">
          {formatCount(rows.length)} of {formatCount(files)} files are shown: those that failed and those under way
          first. The others are hashed all the same.
        </p>
      ) : null}
    </div>
  );
}

function Row({ row: { path, size, hashed, step, reason } }: { row: FileRow }) {
  return (
    <tr>
      <th scope="row">
        <Value value={path} limit={72} />
        {reason === null ? null : <span className="block font-normal text-broken">{reason}</span>}
      </th>
      <td className="whitespace-nowrap">{formatBytes(size)}</td>
      <td className="w-40">
        {step === 'hashing' ? (
          <ProgressBar className="w-28" max={size} value={hashed} label={`Hashed of ${path.slice(-80)}`} />
        ) : (
          <StateMark state={STEPS[step]} />
        )}
      </td>
    </tr>
  );
}
