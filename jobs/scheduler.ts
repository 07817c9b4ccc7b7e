import cron, { type ScheduledTask } from 'node-cron';
import type { ServiceContext } from '#lib/services/context.ts';
import { recordRunEnd, recordRunStart } from '#lib/services/job/record-run.ts';
import { RetryLater } from '#lib/services/job/retry-later.ts';

export interface Job {
  /** Unique; shown on the pages and in the log file. */
  readonly name: string;
  /** Milliseconds from one start to the next, beginning at once; or a cron expression, in the machine's time zone. */
  readonly every: number | string;
  /** Of a job with a cron expression: whether a time of it passed while nothing ran. It then runs at once. */
  readonly isMissed?: () => boolean;
  /** May give the milliseconds to wait before the next start, where that is longer; as may a `RetryLater` thrown. */
  run(signal: AbortSignal): Promise<number | undefined>;
}

/** Runs each job on its own clock, never twice at once: a log that takes an hour to catch up with holds up no other. */
export class Scheduler {
  readonly #ctx: ServiceContext;
  readonly #running = new Map<string, RunningJob>();

  constructor(ctx: ServiceContext) {
    this.#ctx = ctx;
  }

  /** Interrupts the jobs there were, waits for them, and starts these: nothing of an old configuration goes on. */
  async replace(jobs: readonly Job[]): Promise<void> {
    await this.stop();
    for (const job of jobs) this.#running.set(job.name, new RunningJob(this.#ctx, job));
  }

  /** Makes a job run now, or once more after the run under way, as when a watched directory changed. */
  wake(name: string): void {
    this.#running.get(name)?.wake();
  }

  /** Interrupts what runs and waits for it to end. */
  async stop(): Promise<void> {
    const running = [...this.#running.values()];
    this.#running.clear();
    await Promise.all(running.map((job) => job.stop()));
  }
}

class RunningJob {
  readonly #job: Job;
  readonly #ctx: ServiceContext;
  readonly #stop = new AbortController();
  readonly #calendar: ScheduledTask | null;
  #timer: NodeJS.Timeout | undefined;
  #current: Promise<void> | null = null;
  #isWoken = false;

  constructor(ctx: ServiceContext, job: Job) {
    this.#ctx = ctx;
    this.#job = job;
    this.#calendar =
      typeof job.every === 'string' ? cron.schedule(job.every, () => this.wake(), { name: job.name }) : null;
    if (!this.#calendar || job.isMissed?.()) this.wake();
  }

  wake(): void {
    this.#isWoken = true;
    if (!this.#current && !this.#stop.signal.aborted) this.#current = this.#loop();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    clearTimeout(this.#timer);
    await this.#calendar?.destroy();
    await this.#current;
  }

  async #loop(): Promise<void> {
    clearTimeout(this.#timer);
    const began = Date.now();
    let wait = 0;
    while (this.#isWoken && !this.#stop.signal.aborted) {
      this.#isWoken = false;
      wait = (await this.#run()) ?? 0;
    }
    this.#current = null;
    const { every } = this.#job;
    if (typeof every === 'string' || this.#stop.signal.aborted) return;
    this.#timer = setTimeout(() => this.wake(), Math.max(began + every - Date.now(), wait, 0));
  }

  async #run(): Promise<number | undefined> {
    const job = this.#job;
    recordRunStart(this.#ctx, job.name);
    try {
      const wait = await job.run(this.#stop.signal);
      recordRunEnd(this.#ctx, job.name, null);
      return wait;
    } catch (error) {
      if (this.#stop.signal.aborted) return undefined;
      const isExpected = error instanceof RetryLater;
      if (isExpected) this.#ctx.log.warn({ job: job.name, wait: error.wait }, error.message);
      else this.#ctx.log.error({ job: job.name, err: error }, 'job failed');
      recordRunEnd(this.#ctx, job.name, error instanceof Error ? error.message : String(error));
      return isExpected ? error.wait : undefined;
    }
  }
}
