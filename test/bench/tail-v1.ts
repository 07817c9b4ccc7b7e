import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MeasuredV1, MeasurementV1 } from './tail-v1-worker.ts';

interface TailV1Options {
  /** At most so many entries, the newest. */
  readonly entries: number;
  readonly parallel: number;
  readonly rounds: number;
  readonly json: boolean;
}

const SERVER = 'MODELTRAIL_BENCH_REKOR_V1';
const LOOPBACK = 'http://127.0.0.1:38010';
const FEWEST = 500;

/**
 * Tails the active tree of a real Rekor v1 and fetches the very same entries bare, in turns: the server is the bound, and
 * what else its machine does would otherwise favour one of the two. Each runs in a process of its own; medians count.
 */
export async function benchTailV1({ entries, parallel, rounds, json }: TailV1Options): Promise<void> {
  const say = (text: string) => json || console.log(text);
  const url = process.env[SERVER] ?? LOOPBACK;
  const folder = mkdtempSync(join(tmpdir(), 'modeltrail-bench-'));
  try {
    const tree = await activeTree(url);
    if (tree.size < FEWEST) {
      throw new Error(
        `${url} has ${tree.size} entries in its active tree, and ${FEWEST} are needed. Write some, or set ${SERVER}.`,
      );
    }
    const count = Math.min(entries, tree.size - 1);
    // Not from 0, which would have the trees before it read as well.
    const from = Math.max(1, tree.size - count);
    say(
      `Rekor v1 at ${url}, whose key is what it says itself: entries ${from} to ${tree.size} of tree ${tree.treeId}, ${parallel} requests of 10 at once.`,
    );
    const bare: MeasuredV1[] = [];
    const tail: MeasuredV1[] = [];
    for (let round = 0; round < rounds; round++) {
      const measure = { ...tree, url, folder, from, parallel };
      bare.push(await runWorker({ ...measure, mode: 'bare' }));
      tail.push(await runWorker({ ...measure, mode: 'tail' }));
      say(
        `  round ${round + 1}: bare ${rate(count, bare.at(-1))} entries/s, verified tail ${rate(count, tail.at(-1))} entries/s`,
      );
    }
    const [bareSeconds, tailSeconds] = [median(bare), median(tail)];
    const result = {
      entries: count,
      parallel,
      rounds,
      ratio: Math.round((bareSeconds / tailSeconds) * 100) / 100,
      entriesPerSecond: Math.round(count / tailSeconds),
      bareEntriesPerSecond: Math.round(count / bareSeconds),
      peakMemoryMB: Math.max(...tail.map(({ peakMemoryMB }) => peakMemoryMB)),
      processorSeconds: Math.round(Math.max(...tail.map(({ processorSeconds }) => processorSeconds)) * 10) / 10,
    };
    if (json) console.log(JSON.stringify(result));
    else {
      say(
        `verified tail ${result.entriesPerSecond} entries/s, bare fetch ${result.bareEntriesPerSecond} entries/s, ratio ${result.ratio} (medians of ${rounds}); ` +
          `peak memory ${result.peakMemoryMB} MB, processor time ${result.processorSeconds} s`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function activeTree(url: string): Promise<Pick<MeasurementV1, 'treeId' | 'size' | 'offset' | 'publicKey'>> {
  const get = async (path: string) => {
    const response = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(10_000) });
    if (!response.ok) throw new Error(`${url}${path} answered ${response.status}.`);
    return response.text();
  };
  const { treeID, treeSize, inactiveShards } = JSON.parse(await get('/api/v1/log')) as {
    treeID: string;
    treeSize: number;
    inactiveShards: readonly { treeSize: number }[] | null;
  };
  const offset = (inactiveShards ?? []).reduce((sum, shard) => sum + shard.treeSize, 0);
  return { treeId: treeID, size: treeSize, offset, publicKey: await get('/api/v1/log/publicKey') };
}

async function runWorker(measurement: MeasurementV1): Promise<MeasuredV1> {
  const worker = fork(new URL('./tail-v1-worker.ts', import.meta.url));
  try {
    worker.send(measurement);
    return await new Promise((resolve, reject) => {
      worker.once('message', (measured) => resolve(measured as MeasuredV1));
      worker.once('exit', (code) => reject(new Error(`a process of the benchmark ended with ${code}`)));
    });
  } finally {
    worker.kill();
  }
}

function median(measured: readonly MeasuredV1[]): number {
  const sorted = measured.map(({ seconds }) => seconds).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function rate(entries: number, measured: MeasuredV1 | undefined): number {
  return Math.round(entries / (measured?.seconds ?? 1));
}
