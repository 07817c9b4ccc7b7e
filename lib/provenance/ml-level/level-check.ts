import { elideMiddle, showText } from '../untrusted-text.ts';
import type { LevelFacts, StatementEvidence } from './level-facts.ts';

/** `not-known`: nothing here can tell. It counts as little as `not-met`. */
export type CheckOutcome = 'met' | 'not-met' | 'not-known';

export type MlLevelNumber = 1 | 2 | 3 | 4;

export interface CheckFinding {
  readonly outcome: CheckOutcome;
  /** One sentence: how it is known, or why not. Values of statements are safe to show in it. */
  readonly how: string;
}

/** One check of a level. */
export interface CheckRule {
  readonly id: `${MlLevelNumber}.${number}`;
  /** What must hold, in plain words. */
  readonly title: string;
  /** Which field of which evidence it reads. */
  readonly reads: string;
  /** What to do where it is not met. */
  readonly mend: string;
  judge(facts: LevelFacts): CheckFinding;
}

export const met = (how: string): CheckFinding => ({ outcome: 'met', how });
export const notMet = (how: string): CheckFinding => ({ outcome: 'not-met', how });
export const notKnown = (how: string): CheckFinding => ({ outcome: 'not-known', how });

/** Judges a statement; without one there is nothing that could be read. */
export function ofStatement(
  judge: (statement: StatementEvidence, facts: LevelFacts) => CheckFinding,
): (facts: LevelFacts) => CheckFinding {
  return (facts) => (facts.statement ? judge(facts.statement, facts) : notKnown('There is no provenance to read.'));
}

/** A value of a statement or certificate within a sentence. */
export function quoted(value: string): string {
  return `“${elideMiddle(showText(value), 160)}”`;
}
