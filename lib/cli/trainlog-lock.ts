import { open, readFile, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { UsageError } from './command.ts';
import { printError } from './output.ts';

/**
 * Takes the lock beside a training log, so that two writers cannot interleave. One that a writer of this machine left
 * behind when it was killed is taken over.
 *
 * @returns what gives the lock back.
 * @throws {UsageError} while another writer holds it.
 */
export async function lockTrainingLog(logPath: string): Promise<() => Promise<void>> {
  const path = `${logPath}.lock`;
  const mine = `${process.pid} ${hostname()}\n`;
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      await using file = await open(path, 'wx');
      await file.writeFile(mine);
      return () => rm(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw new UsageError(`The lock ${path} cannot be made: ${(error as Error).message}.`);
      }
    }
    await removeStale(path);
  }
  throw new UsageError(`Another writer took the lock ${path}. Try again when it is done.`);
}

/** Moves it away first: of two that find the same lock stale, one gets it. */
async function removeStale(path: string): Promise<void> {
  const holder = await readFile(path, 'utf8').catch(() => '');
  const [pid, host] = holder.trim().split(' ');
  if (pid === undefined || host !== hostname() || !/^[1-9]\d{0,9}$/.test(pid) || isAlive(Number(pid))) {
    throw new UsageError(
      `Another writer holds ${path} (${holder.trim().slice(0, 100) || 'it does not say who'}). One log has one writer at a time. Remove the file if there is no such process.`,
    );
  }
  const aside = `${path}.${process.pid}`;
  await rename(path, aside).catch(() => undefined);
  await rm(aside, { force: true });
  printError(`The lock of the process ${pid}, which is no more, was taken over.`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
