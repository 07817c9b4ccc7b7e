import { spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import type { HookChannel } from '#lib/config/channel-schema.ts';
import { DeliveryError } from './delivery-error.ts';
import type { Delivery } from './notice.ts';
import { payloadOf } from './payload.ts';

/** More output than this is no hook's business: it is ended. */
const MAX_OUTPUT = 64 * 1024;
/** It gets nothing of the jobs' environment, which holds secrets. */
const ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8', NODE_ENV: 'production' } as const;

/**
 * Starts a program with the message on its input: without a shell, without arguments, in a process group of its own that is
 * ended with it. Its output is counted and thrown away. It must read, and end with 0 in time.
 *
 * @throws {DeliveryError} where it does not.
 */
export async function runHook(
  { command, timeout }: HookChannel,
  delivery: Delivery,
  signal?: AbortSignal,
): Promise<void> {
  if (!command.startsWith('/')) throw new DeliveryError('The hook is no absolute path.', 'never');
  const isFile = await stat(command).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isFile) throw new DeliveryError(`There is no program ${command}.`, 'unlikely');
  const outcome = await run(command, delivery, timeout, signal);
  signal?.throwIfAborted();
  if (outcome !== null) throw new DeliveryError(`${command} ${outcome}.`, 'maybe');
}

function run(command: string, delivery: Delivery, timeout: number, signal?: AbortSignal): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(command, [], {
      cwd: '/',
      env: { ...ENVIRONMENT, MODELTRAIL_MESSAGE_ID: delivery.id },
      detached: true,
      shell: false,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let size = 0;
    let ended: string | null = null;
    const end = (why: string) => {
      ended ??= why;
      endGroup(child.pid);
    };
    const timer = setTimeout(() => end('did not end in time'), timeout);
    const onAbort = () => end('was interrupted');
    if (signal?.aborted) onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    const finish = (outcome: string | null) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      resolve(ended ?? outcome);
    };
    for (const output of [child.stdout, child.stderr]) {
      output.on('data', (piece: Buffer) => {
        size += piece.length;
        if (size > MAX_OUTPUT) end('wrote too much');
      });
    }
    // A program that does not read its input ends before all of it is written.
    child.stdin.on('error', () => undefined);
    child.once('error', (error: NodeJS.ErrnoException) => finish(`cannot be started (${error.code ?? 'error'})`));
    child.once('exit', (code, by) => {
      // What it started and left behind would hold its output open.
      endGroup(child.pid);
      finish(code === 0 ? null : `ended with ${code === null ? by : code}`);
    });
    child.stdin.end(payloadOf(delivery));
  });
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It is gone.
  }
}
