import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { UsageError } from './command.ts';

const FORWARDED = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR2'] as const;

/**
 * Runs a program in this one's place: same input and output, signals passed on.
 *
 * @returns its exit code, 128 and the signal's number where a signal ended it.
 * @throws {UsageError} where it cannot be started.
 */
export async function runProgram(command: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: 'inherit', env });
  // A terminal sends Ctrl-C to the child itself: a second one makes many programs give up at once.
  const pass = (signal: NodeJS.Signals) => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of FORWARDED) process.on(signal, pass);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', (error) => reject(new UsageError(`${program} cannot be started: ${error.message}.`)));
      child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
    });
  } finally {
    for (const signal of FORWARDED) process.off(signal, pass);
  }
}
