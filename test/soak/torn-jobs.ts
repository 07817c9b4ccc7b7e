import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { endProcess, startJobs } from '#test/support/product.ts';
import type { SoakDatabase } from './database.ts';

/** One in so many is killed while it starts, the others while they follow. */
const WHILE_STARTING = 5;
const LONGEST = 1_500;
const START_LIMIT = 60_000;

/** The product's jobs, started again and again, and killed without warning. */
export class TornJobs {
  readonly #config: string;
  readonly #database: SoakDatabase;
  /** Exits that nobody asked for. */
  readonly ownExits: string[] = [];

  constructor(config: string, database: SoakDatabase) {
    this.#config = config;
    this.#database = database;
  }

  /** Starts the jobs, and kills them at a random point: in a fifth of all cases before they are up. */
  async startAndKill(): Promise<void> {
    const jobs = startJobs(this.#config);
    if (Math.random() * WHILE_STARTING >= 1) await this.#followed(jobs);
    await delay(Math.random() * LONGEST);
    if (jobs.exitCode !== null) this.ownExits.push(`ended by itself with ${jobs.exitCode}`);
    await endProcess(jobs, 'SIGKILL');
  }

  /** Starts the jobs, waits until `holds`, and ends them in order. */
  async runUntil(holds: () => Promise<boolean>, limit: number): Promise<boolean> {
    const jobs = startJobs(this.#config);
    const end = Date.now() + limit;
    let held = await holds();
    while (!held && Date.now() < end && jobs.exitCode === null) {
      await delay(250);
      held = await holds();
    }
    const code = await endProcess(jobs, 'SIGTERM');
    if (code !== 0) this.ownExits.push(`ended with ${code} when it was asked to end`);
    return held;
  }

  /** Waits until this process has asked a log. */
  async #followed(jobs: ChildProcess): Promise<void> {
    const began = Date.now();
    const hasAsked = () => this.#database.logs().some(({ lastAttemptAt }) => (lastAttemptAt ?? 0) >= began);
    while (!hasAsked() && jobs.exitCode === null) {
      if (Date.now() - began > START_LIMIT) throw new Error('the jobs do not come up');
      await delay(20);
    }
  }
}
