/**
 * What each chain must come to, worked out by hand from who signed what: by the rules of the research (link rule) and the
 * policies of modeltrail.yaml, apart from the code that judges them.
 */
import type { StoryModel, StoryVerdict } from './facts.ts';

type Verdicts = StoryModel['verdicts'];

const WHOLE = always({ signature: 'verified', weakest: 'verified' });
const NO_INPUTS = always({ signature: 'verified', weakest: null });
const UNLOGGED = always({ signature: 'unlogged', weakest: null });
/** Their component northwind-retrieval-index is unsigned at first. */
const MENDED: Verdicts = {
  wave1: { signature: 'verified', weakest: 'parent-unsigned' },
  wave2: { signature: 'verified', weakest: 'verified' },
};

const VERDICTS: Readonly<Record<string, Verdicts>> = {
  'harbour-corpus 2026-09': NO_INPUTS,
  'quay-images 2026-08': NO_INPUTS,
  'quay-images 2026-10': NO_INPUTS,
  'container-seals 2026-10': NO_INPUTS,
  'northwind-base 1.0.0': WHOLE,
  'northwind-base 1.1.0': WHOLE,
  // What a stranger says of it is a claim: it weakens nothing that the maker proves.
  'northwind-base 1.2.0': WHOLE,
  'northwind-vision 1.0.0': WHOLE,
  // Signed by a mailbox where the policy expects the pipeline.
  'northwind-vision 1.1.0': always({ signature: 'unexpected', weakest: null }),
  'northwind-vision 1.2.0': WHOLE,
  // Its provenance names another commit than the certificate that signed it.
  'northwind-vision 1.3.0': always({ signature: 'verified', weakest: 'conflict' }),
  'northwind-vision-lora 0.1.0': NO_INPUTS,
  'northwind-vision-lora 0.2.0': WHOLE,
  'tidewater-base 1.0.0': UNLOGGED,
  'tidewater-base 1.1.0': UNLOGGED,
  'tidewater-lora 0.1.0': WHOLE,
  'northwind-retrieval-index 2026.10': {
    wave1: { signature: 'unsigned', weakest: null },
    wave2: { signature: 'verified', weakest: null },
  },
  'northwind-assistant 1.0.0': WHOLE,
  // Made of northwind-vision 1.1.0.
  'northwind-assistant 1.1.0': always({ signature: 'verified', weakest: 'parent-unsigned' }),
  'northwind-assistant 2.0.0': MENDED,
  'northwind-assistant 2.1.0': MENDED,
};

/** @throws {Error} for a version that nobody has thought about */
export function verdictsOf(model: string, version: string): Verdicts {
  const verdicts = VERDICTS[`${model} ${version}`];
  if (verdicts === undefined) throw new Error(`nobody has said what ${model} ${version} comes to`);
  return verdicts;
}

function always(verdict: StoryVerdict): Verdicts {
  return { wave1: verdict, wave2: verdict };
}
