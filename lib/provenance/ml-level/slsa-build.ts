import { LEVEL_1 } from './level-1.ts';
import { LEVEL_2_SIGNATURE } from './level-2-signature.ts';
import { builderOf, isOfWorkflow } from './level-3.ts';
import { quoted } from './level-check.ts';
import type { LevelFacts } from './level-facts.ts';

export interface SlsaBuildLevel {
  readonly level: 0 | 1 | 2 | 3;
  readonly why: string;
}

/** Without these there is no provenance in the sense of SLSA. */
const EXISTS = LEVEL_1.filter(({ id }) => ['1.1', '1.2', '1.3'].includes(id));
/** Without these nobody knows who signed it. */
const SIGNED = LEVEL_2_SIGNATURE.filter(({ id }) => ['2.1', '2.2'].includes(id));

/**
 * The level of SLSA's build track (v1.2). The operator's table of pairs of signer and builder is all that it comes from: an
 * unknown builder is level 1, whatever its provenance says of itself.
 */
export function judgeSlsaBuild(facts: LevelFacts): SlsaBuildLevel {
  const { statement } = facts;
  const holds = (rules: typeof EXISTS) => rules.every((rule) => rule.judge(facts).outcome === 'met');
  if (!statement || !holds(EXISTS))
    return { level: 0, why: 'No provenance that names how and by what these files were built.' };
  if (!holds(SIGNED)) return { level: 1, why: 'Provenance exists; nothing proves which builder signed it.' };
  const row = builderOf(statement, facts);
  if (!row) return { level: 1, why: 'Provenance exists; nobody here accepted its builder together with its signer.' };
  if (row.level === 3 && isOfWorkflow(statement, row)) {
    return { level: 3, why: `The configuration accepts ${quoted(row.name)} at level 3, by its workflow and commit.` };
  }
  return {
    level: 2,
    why:
      row.level === 3
        ? `The configuration accepts ${quoted(row.name)} at level 3, but for another workflow or commit.`
        : `The configuration accepts ${quoted(row.name)} at level 2.`,
  };
}
