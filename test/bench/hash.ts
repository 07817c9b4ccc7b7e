import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BrowserHashing, benchBrowserHash } from './browser-hash.ts';
import { type BenchFolder, makeFolders } from './hash-folders.ts';

interface HashBenchOptions {
  readonly sizeGb: number;
  readonly smallFiles: number;
  /** Of the folder of small files; the large one has fewer. */
  readonly rounds: number;
  /** Whether the Verify page hashes the same folders too. */
  readonly withBrowser: boolean;
  readonly json: boolean;
}

/** What is measured, as a process of its own from its start to its end. */
interface Contestant {
  readonly name: 'modeltrail' | 'model_signing' | 'sha256sum';
  readonly command: string;
  args(folder: BenchFolder): string[];
  input?(folder: BenchFolder): string;
  /** Null where it makes none. */
  rootIn(stdout: string): string | null;
}

interface Row {
  readonly folder: string;
  readonly name: Contestant['name'];
  /** The middle of all rounds. */
  readonly seconds: number;
  readonly megabytesPerSecond: number;
}

const MAIN = fileURLToPath(new URL('../../lib/cli/main.ts', import.meta.url));
const LARGE_ROUNDS = 3;

/** Only the hashing of model_signing; the root is worked out so that it is known to have hashed the same. */
const PYTHON = `
import hashlib, sys
import model_signing.hashing as hashing
root = hashlib.sha256()
for resource in hashing.Config().hash(sys.argv[1]).resource_descriptors():
    root.update(resource.digest.digest_value)
print(root.hexdigest())
`;

/**
 * Hashes a folder of large files and one of small ones with the command line, with model_signing and with sha256sum, in
 * turn and each first as often as the others; then in the browser. All files are in memory before anything is timed.
 */
export async function benchHash({ sizeGb, smallFiles, rounds, withBrowser, json }: HashBenchOptions): Promise<void> {
  for (const count of [sizeGb, smallFiles, rounds]) {
    if (!(count > 0)) throw new Error('--size-gb, --small-files and --rounds are numbers above 0.');
  }
  const say = (text: string) => json || console.log(text);
  const at = mkdtempSync(join(tmpdir(), 'modeltrail-bench-'));
  try {
    say('Making the files…');
    const folders = makeFolders(at, sizeGb, smallFiles);
    const contestants = findContestants(say);
    say(
      `${availableParallelism()} processors, load ${loadavg()[0]?.toFixed(1)} before; SHA-256; whole processes, start-up included.`,
    );
    const rows: Row[] = [];
    for (const [i, folder] of folders.entries()) {
      const measured = measureFolder(folder, contestants, i === 0 ? Math.min(LARGE_ROUNDS, rounds) : rounds);
      rows.push(...measured);
      say(describe(folder, measured));
    }
    const browser = withBrowser ? await benchBrowserHash(folders) : [];
    if (!browser) say('There is no Chromium here: the browser is left out.');
    for (const row of browser ?? []) say(describeBrowser(row));
    if (json)
      console.log(JSON.stringify({ processors: availableParallelism(), rows, ratios: ratiosOf(rows), browser }));
  } finally {
    rmSync(at, { recursive: true, force: true });
  }
}

function findContestants(say: (text: string) => unknown): Contestant[] {
  const python = process.env.MODELTRAIL_BENCH_PYTHON ?? 'python3';
  const contestants: Contestant[] = [
    {
      name: 'modeltrail',
      command: process.execPath,
      args: ({ path }) => [MAIN, 'hash', path, '--root'],
      rootIn: (stdout) => /^OMS root\b.* ([0-9a-f]{64})$/m.exec(stdout)?.[1] ?? '',
    },
    {
      name: 'model_signing',
      command: python,
      args: ({ path }) => ['-c', PYTHON, path],
      rootIn: (stdout) => stdout.trim(),
    },
    {
      name: 'sha256sum',
      command: 'xargs',
      args: () => ['-0', 'sha256sum'],
      input: ({ path, files }) => files.map((file) => `${join(path, file)}\0`).join(''),
      rootIn: () => null,
    },
  ];
  const isThere: Record<Contestant['name'], boolean> = {
    modeltrail: true,
    model_signing: spawnSync(python, ['-c', 'import model_signing.hashing']).status === 0,
    sha256sum: spawnSync('sha256sum', ['--version']).status === 0,
  };
  if (!isThere.model_signing) {
    say(
      `${python} has no model_signing: left out. Set MODELTRAIL_BENCH_PYTHON to a Python that has model_signing 1.1.1.`,
    );
  }
  if (!isThere.sha256sum) say('There is no sha256sum here: left out.');
  return contestants.filter(({ name }) => isThere[name]);
}

function measureFolder(folder: BenchFolder, contestants: readonly Contestant[], rounds: number): Row[] {
  const roots = contestants.map((contestant) => run(contestant, folder).root).filter((root) => root !== null);
  if (new Set(roots).size !== 1) throw new Error(`the roots of ${folder.what} differ: ${roots.join(', ')}`);
  const seconds = contestants.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contestants.length; turn++) {
      const at = (round + turn) % contestants.length;
      const contestant = contestants[at];
      if (contestant) seconds[at]?.push(run(contestant, folder).seconds);
    }
  }
  return contestants.map(({ name }, i) => {
    const middle = median(seconds[i] ?? []);
    const megabytesPerSecond = Math.round(folder.bytes / 1e6 / middle);
    return { folder: folder.what, name, seconds: round3(middle), megabytesPerSecond };
  });
}

function run({ name, command, args, input, rootIn }: Contestant, folder: BenchFolder) {
  const started = performance.now();
  const { status, stdout, stderr, error } = spawnSync(command, args(folder), {
    ...(input && { input: input(folder) }),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${error?.message ?? stderr}`);
  return { seconds, root: rootIn(stdout) };
}

function describe({ what }: BenchFolder, rows: readonly Row[]): string {
  const lines = rows.map(
    ({ name, seconds, megabytesPerSecond }) =>
      `  ${name.padEnd(14)} ${seconds.toFixed(2).padStart(6)} s  ${String(megabytesPerSecond).padStart(5)} MB/s`,
  );
  const ratios = ratiosOf(rows).map(({ beside, ratio }) => `${ratio} times the speed of ${beside}`);
  return [`${what}:`, ...lines, `  modeltrail has ${ratios.join(' and ')}.`].join('\n');
}

function describeBrowser({ what, bytes, pool, oneShot, ratio }: BrowserHashing): string {
  const speed = (seconds: number) => `${Math.round(bytes / 1e6 / seconds)} MB/s`;
  return `${what}, in the browser:\n  Verify page ${speed(pool)}, WebCrypto's one-shot ${speed(oneShot)}: ${ratio.toFixed(2)} times its time.`;
}

/** How many times the speed of each other the command line has. */
function ratiosOf(rows: readonly Row[]) {
  return rows.flatMap(({ folder, name, seconds }) => {
    const own = rows.find((row) => row.folder === folder && row.name === 'modeltrail');
    if (!own || name === 'modeltrail') return [];
    return [{ folder, beside: name, ratio: Math.round((seconds / own.seconds) * 100) / 100 }];
  });
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function round3(value: number): number {
  return Math.round(value * 1000) / 1000;
}
