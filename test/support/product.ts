import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A folder of its own for one test, taken away by `remove`. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'modeltrail-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Starts the jobs' process on a configuration file, quietly. */
export function startJobs(configPath: string): ChildProcess {
  return fork(fileURLToPath(new URL('../../jobs/main.ts', import.meta.url)), {
    env: { ...process.env, MODELTRAIL_CONFIG: configPath, MODELTRAIL_LOG_LEVEL: 'silent' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

/** Ends a process by a signal and waits until it is gone. Returns its exit code, or the signal that ended it. */
export async function endProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode ?? child.signalCode;
  const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  child.kill(signal);
  const [code, by] = await exit;
  return code ?? by;
}

/** Waits until `holds` gives true, looking whenever there was time for something to change; fails after `limit` ms. */
export async function until(holds: () => boolean | Promise<boolean>, what: string, limit = 60_000): Promise<void> {
  const end = Date.now() + limit;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`Waited ${limit / 1000} s in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
