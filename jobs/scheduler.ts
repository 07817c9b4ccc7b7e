import cron, { type ScheduledTask } from 'node-cron';
import type { ServiceContext } from '#lib/services/context.ts';
import { recordRunEnd, recordRunStart } from '#lib/services/job/record-run.ts';

export interface Job {
  /** Unique; shown on the pages and in the log file. */
  readonly name: string;
  /** Milliseconds from one start to the next. */
  readonly every: number;
  /** May give the milliseconds to wait before the next start, where that is longer. */
  run(signal: AbortSignal): Promise<number | undefined>;
}

/**
 * Runs each job on its own clock, never twice at once: a log that takes an hour to catch up with holds up no other.
 * The set of jobs follows the configuration; a job that stays keeps its clock.
 */
export class Scheduler {
  readonly #ctx: ServiceContext;
  readonly #stop = new AbortController();
  readonly #running = new Map<string, RunningJob>();

  constructor(ctx: ServiceContext) {
    this.#ctx = ctx;
  }

  /** Starts new jobs at once, stops those that are gone, and gives the others their new settings. */
  replace(jobs: readonly Job[]): void {
    const names = new Set(jobs.map(({ name }) => name));
    for (const [name, running] of this.#running) {
      if (names.has(name)) continue;
      void running.stop();
      this.#running.delete(name);
    }
    for (const job of jobs) {
      const running = this.#running.get(job.name);
      if (running) running.job = job;
      else this.#running.set(job.name, new RunningJob(this.#ctx, job, this.#stop.signal));
    }
  }

  /** Makes a job due now, as when a watched directory changed. */
  wake(name: string): void {
    const running = this.#running.get(name);
    if (running) running.dueAt = 0;
  }

  /** Interrupts what runs and waits for it to end. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all([...this.#running.values()].map((running) => running.stop()));
  }
}

class RunningJob {
  job: Job;
  dueAt = 0;
  readonly #ctx: ServiceContext;
  readonly #task: ScheduledTask;
  readonly #signal: AbortSignal;
  readonly #removed = new AbortController();
  #current: Promise<void> | null = null;

  constructor(ctx: ServiceContext, job: Job, signal: AbortSignal) {
    this.#ctx = ctx;
    this.job = job;
    this.#signal = AbortSignal.any([signal, this.#removed.signal]);
    // Overlap is guarded by `#current`: node-cron's own guard would warn every second of a long catch-up.
    this.#task = cron.schedule('* * * * * *', () => void this.#tick(), { name: job.name });
    void this.#tick();
  }

  async stop(): Promise<void> {
    this.#removed.abort();
    await this.#task.destroy();
    await this.#current;
  }

  async #tick(): Promise<void> {
    if (this.#current || this.#signal.aborted || Date.now() < this.dueAt) return;
    this.#current = this.#run();
    await this.#current;
    this.#current = null;
  }

  async #run(): Promise<void> {
    const { job } = this;
    // Half a tick early counts as due: ticks come every second, a little late each.
    this.dueAt = Date.now() + job.every - 500;
    recordRunStart(this.#ctx, job.name);
    try {
      const wait = await job.run(this.#signal);
      if (wait !== undefined) this.dueAt = Math.max(this.dueAt, Date.now() + wait);
      recordRunEnd(this.#ctx, job.name, null);
    } catch (error) {
      if (this.#signal.aborted) return;
      this.#ctx.log.error({ job: job.name, err: error }, 'job failed');
      recordRunEnd(this.#ctx, job.name, error instanceof Error ? error.message : String(error));
    }
  }
}
