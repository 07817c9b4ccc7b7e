import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FEW_ARENAS, ROOM_FOR_ANSWERS } from '#jobs/processes.ts';
import { generateLog } from './generate-log.ts';
import type { Measured, Measurement } from './tail-worker.ts';

interface TailOptions {
  /** Entries, smallest first. */
  readonly sizes: readonly number[];
  readonly parallel: number;
  readonly json: boolean;
}

interface Row {
  readonly entries: number;
  readonly entriesPerSecond: number;
  readonly bareEntriesPerSecond: number;
  readonly ratio: number;
  readonly megabytes: number;
  readonly peakMemoryMB: number;
  readonly barePeakMemoryMB: number;
  readonly events: number;
}

const ROUNDS = 3;

/**
 * Client and server are processes of their own, so that memory and processor time are each their own. Every round downloads
 * bare and tails the same log; of the rounds the median counts.
 */
export async function benchTail({ sizes, parallel, json }: TailOptions): Promise<void> {
  const say = (text: string) => json || console.log(text);
  const folder = mkdtempSync(join(tmpdir(), 'modeltrail-bench-'));
  try {
    say(`Generating a log of ${Math.max(...sizes).toLocaleString('en')} entries…`);
    const log = generateLog(join(folder, 'log'), sizes);
    writeFileSync(join(folder, 'log.json'), JSON.stringify(log));
    const rows: Row[] = [];
    for (const size of sizes) {
      const row = await measure(folder, size, parallel);
      rows.push(row);
      say(
        `${row.entries.toLocaleString('en').padStart(9)} entries (${row.megabytes} MB): verified tail ${row.entriesPerSecond.toLocaleString('en')} entries/s, ` +
          `bare download ${row.bareEntriesPerSecond.toLocaleString('en')} entries/s, ratio ${row.ratio}; peak memory ${row.peakMemoryMB} MB (bare ${row.barePeakMemoryMB} MB), ${row.events} events`,
      );
    }
    const first = rows[0];
    const last = rows.at(-1);
    if (!first || !last) throw new Error('no sizes to measure');
    const growth = round(first.entriesPerSecond / last.entriesPerSecond);
    say(`growth: the largest log takes ${growth} times as long an entry as the smallest`);
    const { ratio, entriesPerSecond, peakMemoryMB } = last;
    if (json) console.log(JSON.stringify({ ratio, entriesPerSecond, peakMemoryMB, growth, parallel, rows }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(folder: string, size: number, parallel: number): Promise<Row> {
  const rounds: { bare: Measured; tail: Measured }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const bare = await runWorker({ mode: 'bare', folder, size, parallel });
    rounds.push({ bare, tail: await runWorker({ mode: 'tail', folder, size, parallel }) });
  }
  const bare = median(rounds.map((round) => round.bare));
  const tail = median(rounds.map((round) => round.tail));
  return {
    entries: size,
    entriesPerSecond: Math.round(size / tail.seconds),
    bareEntriesPerSecond: Math.round(size / bare.seconds),
    ratio: round(bare.seconds / tail.seconds),
    megabytes: Math.round(bare.bytes / 1e6),
    peakMemoryMB: Math.max(...rounds.map((r) => r.tail.peakMemoryMB)),
    barePeakMemoryMB: Math.max(...rounds.map((r) => r.bare.peakMemoryMB)),
    events: tail.events,
  };
}

async function runWorker(measurement: Omit<Measurement, 'url'>): Promise<Measured> {
  const server = fork(new URL('./tile-server.ts', import.meta.url), [
    join(measurement.folder, 'log'),
    String(measurement.size),
  ]);
  try {
    const url = await message<string>(server);
    const worker = fork(new URL('./tail-worker.ts', import.meta.url), {
      env: { ...process.env, ...FEW_ARENAS },
      execArgv: [...process.execArgv, ...ROOM_FOR_ANSWERS],
    });
    worker.send({ ...measurement, url });
    const measured = await message<Measured>(worker);
    worker.kill();
    return measured;
  } finally {
    server.kill();
  }
}

function message<T>(child: ReturnType<typeof fork>): Promise<T> {
  return new Promise((resolve, reject) => {
    child.once('message', (value) => resolve(value as T));
    child.once('exit', (code) => reject(new Error(`a process of the benchmark ended with ${code}`)));
  });
}

function median(measured: readonly Measured[]): Measured {
  const sorted = [...measured].sort((a, b) => a.seconds - b.seconds);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (!middle) throw new Error('nothing was measured');
  return middle;
}

const round = (value: number) => Math.round(value * 100) / 100;
