import type { Outcome } from './run-client.ts';

interface Result {
  readonly made: string;
  readonly by: string;
  readonly ok: boolean;
  readonly words: string;
}

/** Collects what was tried, each with whether it came out as it must. */
export class Results {
  readonly #all: Result[] = [];

  /** What must succeed: something is made. */
  made(made: string, by: string, { ok, words }: Outcome): void {
    this.#all.push({ made, by, ok, words });
  }

  /**
   * A client must take `whole`, and refuse `changed` with exit 1. A refusal counts only where the same call with the
   * unchanged files succeeded: what does not run, or refuses everything, shows nothing.
   */
  async pair<T>(
    made: string,
    by: string,
    verify: (subject: T) => Promise<Outcome>,
    { whole, changed }: { readonly whole: T; readonly changed: T },
  ): Promise<void> {
    const before = await verify(whole);
    this.made(made, by, before);
    const { code, words } = await verify(changed);
    this.#all.push({ made, by: `${by}, after a change`, ok: before.ok && code === 1, words });
  }

  /** Prints each result and the count. @returns the exit code. */
  report(): 0 | 1 {
    for (const { made, by, ok, words } of this.#all) {
      console.log(`${ok ? 'as it must be' : 'NOT AS IT MUST BE'}  ${made} -> ${by}${ok ? '' : `: ${words}`}`);
    }
    const right = this.#all.filter(({ ok }) => ok).length;
    console.log(`${right} of ${this.#all.length} as they must be.`);
    return right === this.#all.length && right > 0 ? 0 : 1;
  }
}
