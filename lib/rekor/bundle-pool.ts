import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { WatchRule } from '#lib/watch/rule.ts';
import type { WorkerAnswer, WorkerRequest } from './bundle-worker.ts';
import { LogDataError } from './log-data-error.ts';
import { ownedBy } from './owned-memory.ts';
import { type PoolProgram, PROGRAMS_KEPT } from './pool-program.ts';
import type { BundleProcessor, BundleTask, ProcessedBundle } from './process-bundle.ts';

const MOST_WORKERS = 4;
/** Bundles that wait for a thread before this one does some itself: enough for it never to be idle. */
const MOST_WAITING = 12;
/** Room for what a thread makes and drops: an entry's text is dropped at once, and more room only holds more of it. */
const YOUNG_MB = 12;

interface Waiting {
  resolve(processed: ProcessedBundle): void;
  reject(error: Error): void;
}

/**
 * Threads that hash, bind and match entry bundles, so that a long catch-up uses more than one core. Started at first use;
 * they hold no process open.
 */
export class BundlePool {
  readonly #size: number;
  readonly #workers: PoolWorker[] = [];
  #programs = 0;

  /** @param size threads; one fewer than the machine has, for the thread that reads the network and writes the database. */
  constructor(size = Math.max(1, Math.min(MOST_WORKERS, availableParallelism() - 1))) {
    this.#size = size;
  }

  /** Starts the threads and waits until they are up, so that a catch-up that is known to come need not begin without them. */
  async start(): Promise<void> {
    while (this.#workers.length < this.#size) this.#workers.push(new PoolWorker((gone) => this.#drop(gone)));
    await Promise.all(this.#workers.map(({ up }) => up));
  }

  /**
   * A processor for these rules and awaited leaves (lowercase hex). `inline` does the work until a thread is up: starting
   * one takes as long as thousands of entries.
   */
  processor(rules: readonly WatchRule[], awaited: ReadonlySet<string>, inline: BundleProcessor): BundleProcessor {
    void this.start();
    let program = this.#load(rules, awaited);
    return {
      process: (task) => {
        const worker = this.#leastBusy();
        // A long catch-up outlasts many short rounds of others, after which the threads have forgotten it.
        if (worker && this.#programs - program >= PROGRAMS_KEPT - 1) program = this.#load(rules, awaited);
        // With that much before it, the bundle is done sooner here.
        return worker && worker.busy < MOST_WAITING ? worker.process(program, task) : inline.process(task);
      },
    };
  }

  #load(rules: readonly WatchRule[], awaited: ReadonlySet<string>): number {
    const program = ++this.#programs;
    for (const worker of this.#workers) worker.load({ program, rules, awaited });
    return program;
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.splice(0).map((worker) => worker.close()));
  }

  /** A thread that died is replaced at the next round. */
  #drop(gone: PoolWorker): void {
    const at = this.#workers.indexOf(gone);
    if (at >= 0) this.#workers.splice(at, 1);
  }

  #leastBusy(): PoolWorker | undefined {
    const ready = this.#workers.filter(({ isReady }) => isReady);
    return ready.sort((a, b) => a.busy - b.busy)[0];
  }
}

class PoolWorker {
  readonly #worker = new Worker(new URL('./bundle-worker.ts', import.meta.url), {
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  readonly #waiting = new Map<number, Waiting>();
  #tasks = 0;
  /** Whether the thread has its code loaded and answers. */
  isReady = false;
  /** Settled once it does, or never will. */
  readonly up: Promise<void>;
  #tellUp: () => void = () => {};

  constructor(onGone: (gone: PoolWorker) => void) {
    this.up = new Promise((resolve) => {
      this.#tellUp = resolve;
    });
    this.#worker.unref();
    this.#worker.on('message', (answer: WorkerAnswer) => this.#settle(answer));
    this.#worker.on('error', (error) => {
      onGone(this);
      this.#failAll(error);
    });
  }

  get busy(): number {
    return this.#waiting.size;
  }

  load(program: PoolProgram): void {
    this.#worker.postMessage(program);
  }

  process(program: number, task: BundleTask): Promise<ProcessedBundle> {
    return new Promise((resolve, reject) => {
      const id = this.#tasks++;
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ program, id, task } satisfies WorkerRequest, ownedBy(task.bytes));
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
    this.#failAll(new Error('the thread was ended'));
  }

  #settle(answer: WorkerAnswer): void {
    if ('ready' in answer) {
      this.isReady = true;
      this.#tellUp();
      return;
    }
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('processed' in answer) waiting?.resolve(answer.processed);
    else if (answer.refused) waiting?.reject(new LogDataError(answer.refused.code, answer.refused.message));
    else waiting?.reject(new Error(answer.failure));
  }

  #failAll(error: Error): void {
    this.isReady = false;
    this.#tellUp();
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
