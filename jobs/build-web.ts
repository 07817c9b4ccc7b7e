import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from './processes.ts';

const SOURCES = ['app', 'lib', 'db', 'public', 'next.config.js', 'proxy.ts', 'package-lock.json', 'tsconfig.json'];

/** Builds the pages where there is no build, or sources are newer than it. */
export async function buildWeb(): Promise<void> {
  const stamp = join(PROJECT, '.next/BUILD_ID');
  if (existsSync(stamp) && newest(SOURCES.map((name) => join(PROJECT, name))) <= statSync(stamp).mtimeMs) return;
  console.log('Building the pages (once, about half a minute)…');
  const next = join(PROJECT, 'node_modules/next/dist/bin/next');
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' };
  const child = spawn(process.execPath, [next, 'build', PROJECT], {
    env,
    cwd: PROJECT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
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
