import { TlogError } from './error.ts';

/** One thing that was looked at, and what was found, in a sentence. */
export interface EvidenceCheck {
  readonly name: EvidenceCheckName;
  readonly outcome: 'passed' | 'failed' | 'not-checked';
  readonly statement: string;
}

/** In the order in which they are made; each kind of evidence has its own. */
export const EVIDENCE_CHECKS = {
  fork: ['key', 'smaller', 'larger', 'sizes', 'hashes', 'contradiction'],
  'same-size': ['key', 'first', 'second', 'sizes', 'contradiction'],
  entry: ['key', 'first', 'first-entry', 'second', 'second-entry', 'contradiction'],
  'growth-after-freeze': ['key', 'frozen', 'frozen-line', 'larger', 'contradiction'],
} as const;

export type EvidenceCheckName = (typeof EVIDENCE_CHECKS)[keyof typeof EVIDENCE_CHECKS][number];

const NOT_REACHED = 'Not looked at, for an earlier check failed.';

/** Thrown to end the checks at the first that fails: what comes behind rests on it. */
class CheckFailed extends Error {}

/** Makes checks one after another, and keeps what each found. */
export class EvidenceChecklist {
  readonly #checks: EvidenceCheck[] = [];

  /** Ends the checks where `check` throws a TlogError, whose message becomes the statement. */
  run<T>(name: EvidenceCheckName, check: () => { readonly statement: string; readonly value: T }): T {
    try {
      const { statement, value } = check();
      this.#checks.push({ name, outcome: 'passed', statement });
      return value;
    } catch (error) {
      if (!(error instanceof TlogError)) throw error;
      this.#checks.push({ name, outcome: 'failed', statement: `${error.message}.` });
      throw new CheckFailed();
    }
  }

  leaveOut(name: EvidenceCheckName, statement: string): void {
    this.#checks.push({ name, outcome: 'not-checked', statement });
  }

  /** What `checks` returns, or undefined where one of its checks failed. */
  complete<T>(checks: () => T): T | undefined {
    try {
      return checks();
    } catch (error) {
      if (error instanceof CheckFailed) return undefined;
      throw error;
    }
  }

  /** All of `names`, with those that were not reached. */
  results(names: readonly EvidenceCheckName[]): EvidenceCheck[] {
    const made = new Set(this.#checks.map(({ name }) => name));
    const left = names.filter((name) => !made.has(name));
    return [
      ...this.#checks,
      ...left.map((name): EvidenceCheck => ({ name, outcome: 'not-checked', statement: NOT_REACHED })),
    ];
  }
}
