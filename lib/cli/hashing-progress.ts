import { formatBytes, formatDuration, formatPlural } from '#lib/provenance/format.ts';
import { showText } from '#lib/provenance/untrusted-text.ts';

/** Milliseconds between two pictures. */
const INTERVAL = 100;
const BAR = 20;

export interface HashingProgress {
  onStart(total: { readonly files: number; readonly bytes: number }): void;
  onProgress(bytes: number): void;
  /** Takes the bar away. To be called whatever happened. */
  end(): void;
}

/**
 * A bar on standard error that says how far hashing is, how fast, and how long it still takes. Silent where standard
 * error is no terminal.
 *
 * @param label what is hashed; a stranger's text is escaped.
 */
export function hashingProgress(label: string): HashingProgress {
  const { stderr } = process;
  if (!stderr.isTTY || process.env.TERM === 'dumb') return { onStart() {}, onProgress() {}, end() {} };
  const started = performance.now();
  let total = { files: 0, bytes: 0 };
  let done = 0;
  let drawn = Number.NEGATIVE_INFINITY;
  const draw = () => {
    const now = performance.now();
    if (now - drawn < INTERVAL) return;
    drawn = now;
    const line = progressLine(label, { done, total, elapsed: now - started });
    stderr.write(`\r\u001b[K${line.slice(0, stderr.columns - 1)}`);
  };
  return {
    onStart(found) {
      total = found;
      draw();
    },
    onProgress(bytes) {
      done += bytes;
      draw();
    },
    end() {
      stderr.write('\r\u001b[K');
    },
  };
}

/** One line without the terminal's controls: `Hashing model  [#####               ]  25%  1.0 GB of 4.0 GB …`. */
export function progressLine(
  label: string,
  state: {
    readonly done: number;
    readonly total: { readonly files: number; readonly bytes: number };
    /** Milliseconds. */
    readonly elapsed: number;
  },
): string {
  const { done, total, elapsed } = state;
  const share = total.bytes === 0 ? 1 : Math.min(1, done / total.bytes);
  const bar = '#'.repeat(Math.floor(share * BAR)).padEnd(BAR);
  const perSecond = elapsed > 0 ? (done / elapsed) * 1000 : 0;
  const left = perSecond > 0 ? Math.max(0, total.bytes - done) / perSecond : null;
  return [
    `${showText(label)}  [${bar}]`,
    `${Math.floor(share * 100)}%`,
    `${formatBytes(done)} of ${formatBytes(total.bytes)} in ${formatPlural(total.files, 'file')}`,
    `${formatBytes(Math.round(perSecond))}/s`,
    ...(left === null ? [] : [`${formatDuration(left * 1000)} left`]),
  ].join('  ');
}
