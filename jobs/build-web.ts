import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from './processes.ts';

const SOURCES = ['app', 'lib', 'db', 'public', 'next.config.js', 'proxy.ts', 'package-lock.json', 'tsconfig.json'];

const NEXT = join(PROJECT, 'node_modules/next/dist/bin/next');
/** The last thing that a build writes: without it, one was broken off. */
const STAMP = join(PROJECT, '.next/public-scripts.json');

/** Builds the pages, and the scripts of public ones, where there is no build, or sources are newer than it. */
export async function buildWeb(): Promise<void> {
  if (existsSync(STAMP) && newest(SOURCES.map((name) => join(PROJECT, name))) <= statSync(STAMP).mtimeMs) return;
  console.log('Building the pages (once, about half a minute)…');
  await run(NEXT, 'build', PROJECT);
  await run(join(PROJECT, 'app/_public/build-scripts.ts'), PROJECT);
}

/** Runs a step of the build by itself: what it says matters only where it fails. */
async function run(...args: readonly string[]): Promise<void> {
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' };
  const child = spawn(process.execPath, args, { env, cwd: PROJECT, stdio: ['ignore', 'pipe', 'pipe'] });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => output.push(piece));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`The pages could not be built:\n${Buffer.concat(output).toString()}`);
}

function newest(paths: readonly string[]): number {
  const times = paths.filter(existsSync).map((path) => {
    const stat = statSync(path);
    return stat.isDirectory() ? newest(readdirSync(path).map((name) => join(path, name))) : stat.mtimeMs;
  });
  return Math.max(0, ...times);
}
