import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';

export interface ProcessSpec {
  readonly name: string;
  /** Arguments to this very Node. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface SupervisorOptions {
  readonly log: Logger;
  /** Milliseconds before the first restart; doubles up to `longestDelay`. */
  readonly firstDelay?: number;
  readonly longestDelay?: number;
  /** A process that ran so long counts as well, and starts from `firstDelay` again. */
  readonly steadyAfter?: number;
  /** Milliseconds that a process has to end by itself before it is killed. */
  readonly grace?: number;
}

const PARENT_WATCH = new URL('./end-with-parent.ts', import.meta.url).href;

/**
 * Keeps processes running: one that ends is started again with growing delays, until `stop`.
 * Each child ends by itself when the supervisor is gone (jobs/end-with-parent.ts), so nothing is left behind.
 */
export class Supervisor {
  readonly #options: Required<SupervisorOptions>;
  readonly #stopping = new AbortController();
  readonly #loops: Promise<void>[];
  readonly #children = new Map<string, ChildProcess>();

  constructor(specs: readonly ProcessSpec[], options: SupervisorOptions) {
    this.#options = { firstDelay: 500, longestDelay: 30_000, steadyAfter: 60_000, grace: 15_000, ...options };
    this.#loops = specs.map((spec) => this.#keep(spec));
  }

  /** Process ids by name, for tests and for the log. */
  get pids(): Readonly<Record<string, number | undefined>> {
    return Object.fromEntries([...this.#children].map(([name, child]) => [name, child.pid]));
  }

  /** Ends all processes: SIGTERM first, SIGKILL after the grace time. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([...this.#children.values()].map((child) => this.#end(child)));
    await Promise.all(this.#loops);
  }

  async #keep(spec: ProcessSpec): Promise<void> {
    const { log, firstDelay, longestDelay, steadyAfter } = this.#options;
    let wait = firstDelay;
    while (!this.#stopping.signal.aborted) {
      const began = Date.now();
      const outcome = await this.#runOnce(spec);
      if (this.#stopping.signal.aborted) return;
      if (Date.now() - began >= steadyAfter) wait = firstDelay;
      log.error({ process: spec.name, outcome, restartIn: wait }, 'process ended; it is started again');
      await delay(wait, undefined, { signal: this.#stopping.signal }).catch(() => {});
      wait = Math.min(longestDelay, wait * 2);
    }
  }

  #runOnce(spec: ProcessSpec): Promise<string> {
    return new Promise((resolve) => {
      const child = spawn(process.execPath, ['--import', PARENT_WATCH, ...spec.args], {
        env: { ...process.env, ...spec.env, MODELTRAIL_SUPERVISOR: String(process.pid) },
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      });
      this.#children.set(spec.name, child);
      this.#options.log.info({ process: spec.name, pid: child.pid }, 'process started');
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => {
        this.#children.delete(spec.name);
        resolve(signal ?? `exit code ${code}`);
      });
    });
  }

  async #end(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), this.#options.grace);
    await ended;
    clearTimeout(timer);
  }
}
