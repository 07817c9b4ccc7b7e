import type { State } from '../state.ts';
import type { MlLevel } from './judge.ts';
import type { CheckOutcome } from './level-check.ts';

/** What each level means. Level 0 is none: SLSA has no word for it, and it is no reproach. */
export const ML_LEVEL: Readonly<Record<MlLevel['level'], State>> = {
  0: {
    tone: 'unknown',
    word: 'No level',
    meaning: 'Provenance that says how these files were made is missing, or leaves something out.',
  },
  1: {
    tone: 'claimed',
    word: 'ML-L1, provenance exists',
    meaning: 'Somebody with a say states how these files were made. That it is true, this level does not show.',
  },
  2: {
    tone: 'proven',
    word: 'ML-L2, signed by a pipeline',
    meaning: 'An accepted pipeline signed the provenance, a log has it, and what it names is pinned.',
  },
  3: {
    tone: 'proven',
    word: 'ML-L3, hard to forge',
    meaning: 'Not even a build on the accepted platform could have written this provenance itself.',
  },
  4: {
    tone: 'proven',
    word: 'ML-L4, reviewed and hermetic',
    meaning: 'Reviewed code, no network, every input pinned and verified. Not that a second run gives the same bytes.',
  },
};

export const LEVEL_OUTCOME: Readonly<Record<CheckOutcome, State>> = {
  met: { tone: 'proven', word: 'Met', meaning: 'The check was made and holds.' },
  'not-met': { tone: 'broken', word: 'Not met', meaning: 'The check was made and does not hold.' },
  'not-known': {
    tone: 'unknown',
    word: 'Not known',
    meaning: 'Nothing here can tell. It counts as little as not met.',
  },
};

/** What no level says, in the order to tell it. */
export const LEVEL_LIMITS: readonly string[] = [
  'A level is about how much is known of the making, not about the model: a model trained on poisoned data can reach every level.',
  'What a builder says of its own isolation, network and inputs is its word. Levels 3 and 4 rest on builders that whoever runs this Modeltrail accepted.',
  'ML-L1 to L4 are levels of Modeltrail, read from SLSA and made for models. They are no levels of SLSA, which has none for models.',
];

/** SLSA's own levels in words. */
export function slsaWords({ slsaBuild, slsaSource }: Pick<MlLevel, 'slsaBuild' | 'slsaSource'>): {
  readonly build: string;
  readonly source: string;
} {
  return {
    build: slsaBuild.level === 0 ? 'No SLSA Build level' : `SLSA Build L${slsaBuild.level}`,
    source: slsaSource.level === null ? 'SLSA Source level not known' : `SLSA Source L${slsaSource.level}`,
  };
}
