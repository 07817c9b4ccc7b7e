import { LEVEL_1 } from './level-1.ts';
import { LEVEL_2_CONTENT } from './level-2-content.ts';
import { LEVEL_2_SIGNATURE } from './level-2-signature.ts';
import { LEVEL_3 } from './level-3.ts';
import { LEVEL_4 } from './level-4.ts';
import type { CheckFinding, CheckRule, MlLevelNumber } from './level-check.ts';
import type { LevelFacts } from './level-facts.ts';
import { judgeSlsaBuild, type SlsaBuildLevel } from './slsa-build.ts';
import { judgeSlsaSource, type SlsaSourceLevel } from './slsa-source.ts';

export interface LevelCheck extends Omit<CheckRule, 'judge'>, CheckFinding {
  readonly level: MlLevelNumber;
}

export interface MlLevel {
  /** 0 where not even the first level is reached. */
  readonly level: 0 | MlLevelNumber;
  /** All checks in order, those of levels above too. */
  readonly checks: readonly LevelCheck[];
  readonly slsaBuild: SlsaBuildLevel;
  readonly slsaSource: SlsaSourceLevel;
  /** The statement that it rests on; null without one. */
  readonly bundleId: string | null;
}

/** The checks of each level. */
export const ML_LEVEL_RULES: Readonly<Record<MlLevelNumber, readonly CheckRule[]>> = {
  1: LEVEL_1,
  2: [...LEVEL_2_SIGNATURE, ...LEVEL_2_CONTENT],
  3: LEVEL_3,
  4: LEVEL_4,
};

const LEVELS = [1, 2, 3, 4] as const;

/** Judges one statement: the level is the highest for which its checks, and all below, are met. What is not known is not met. */
export function judgeMlLevel(facts: LevelFacts): MlLevel {
  const checks = LEVELS.flatMap((level) =>
    ML_LEVEL_RULES[level].map(({ judge, ...rule }): LevelCheck => ({ ...rule, ...judge(facts), level })),
  );
  const failed = checks.find(({ outcome }) => outcome !== 'met')?.level ?? 5;
  return {
    level: LEVELS.findLast((level) => level < failed) ?? 0,
    checks,
    slsaBuild: judgeSlsaBuild(facts),
    slsaSource: judgeSlsaSource(facts),
    bundleId: facts.statement?.bundleId ?? null,
  };
}

/**
 * The best that any one statement about a version comes to; fields of several are never put together. Without a statement,
 * what the version comes to without one.
 */
export function judgeBest(
  { version, trust }: Omit<LevelFacts, 'statement'>,
  statements: readonly LevelFacts['statement'][],
): MlLevel {
  const judged = (statements.length === 0 ? [null] : statements).map((statement) =>
    judgeMlLevel({ statement, version, trust }),
  );
  const best = judged.reduce((one, next) => (isBetter(next, one) ? next : one));
  // Tracks of their own: each statement may be the better one for one of them.
  const byBuild = judged.reduce((one, next) => (next.slsaBuild.level > one.slsaBuild.level ? next : one), best);
  const sourceOf = ({ slsaSource }: MlLevel) => slsaSource.level ?? 0;
  const bySource = judged.reduce((one, next) => (sourceOf(next) > sourceOf(one) ? next : one), best);
  return { ...best, slsaBuild: byBuild.slsaBuild, slsaSource: bySource.slsaSource };
}

/** What is missing for the level after the one that is reached; empty at the highest. */
export function missingForNext<Check extends Pick<LevelCheck, 'level' | 'outcome'>>({
  level,
  checks,
}: {
  readonly level: number;
  readonly checks: readonly Check[];
}): readonly Check[] {
  return checks.filter((check) => check.level === level + 1 && check.outcome !== 'met');
}

function isBetter(a: MlLevel, b: MlLevel): boolean {
  if (a.level !== b.level) return a.level > b.level;
  return countMet(a) > countMet(b);
}

/** By levels, the lower first: ten checks of level 4 are worth nothing where one of level 1 is missing. */
function countMet({ checks }: MlLevel): number {
  return LEVELS.reduce(
    (sum, level) => sum * 32 + checks.filter((check) => check.level === level && check.outcome === 'met').length,
    0,
  );
}
