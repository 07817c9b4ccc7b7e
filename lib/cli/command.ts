import type { CommandInput } from './input.ts';

/** What every command ends with. The help of each says what the numbers mean there. */
export const EXIT = {
  good: 0,
  /** The question was answered, and the answer is bad: refused, or in need of attention. */
  bad: 1,
  /** There is no answer: wrong arguments, or something needed that cannot be read. */
  noAnswer: 2,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What one command does; its name and arguments stand in main.ts. */
export interface CliCommand {
  readonly options: readonly { readonly flags: string; readonly description: string }[];
  readonly examples: readonly string[];
  readonly exitCodes: Readonly<Record<number | string, string>>;
  /** Ends with one of `EXIT`, or with what the program that it started ended with. */
  run(input: CommandInput): number | Promise<number>;
}

/** The command was called wrongly, or given something that cannot be used. The message says what, and how to mend it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
