import type { AnswerNotice, VerificationAnswer, VerificationOutcome } from './verification.ts';

/**
 * What somebody can demand of files before they are used. `signed`: every file is as signed, by who is expected to sign.
 * `logged`: and the signature is in a log. `expected`: they are the version that was named. `chain`: every input is
 * verified. `no-findings`: nothing is open about the version or its model.
 */
export const REQUIREMENTS = ['signed', 'logged', 'expected', 'chain', 'no-findings'] as const;

export type Requirement = (typeof REQUIREMENTS)[number];

export interface RequiredFacts extends Pick<VerificationAnswer, 'outcome' | 'expected' | 'chain' | 'findings'> {
  /** Not there where a server of an older version answered. */
  readonly notices?: readonly Pick<AnswerNotice, 'refuses' | 'sentence'>[] | undefined;
}

/** Outcomes in which each file of a version was given and is as listed. */
const WHOLE: readonly VerificationOutcome[] = ['verified', 'signed-not-logged', 'unexpected-signer', 'unsigned'];

/** Whether a word is one of `REQUIREMENTS`. */
export function isRequirement(word: string): word is Requirement {
  return (REQUIREMENTS as readonly string[]).includes(word);
}

/**
 * Why an answer does not do: a sentence for each incident or retraction that refuses the files, whatever is required, then one
 * for each requirement that is not met, in the order of `REQUIREMENTS`; empty where nothing is against it. What is not known does not count as met. Files that are not the whole of a known version meet none.
 */
export function unmetRequirements(answer: RequiredFacts, requirements: readonly Requirement[]): string[] {
  const refused = (answer.notices ?? []).flatMap(({ refuses, sentence }) => (refuses ? [sentence] : []));
  const unmet = REQUIREMENTS.filter((requirement) => requirements.includes(requirement)).flatMap((requirement) => {
    const reason = WHOLE.includes(answer.outcome)
      ? reasonAgainst(requirement, answer)
      : 'the files are not the whole of a known version';
    return reason === null ? [] : [`Not met: ${requirement}: ${reason}.`];
  });
  return [...refused, ...unmet];
}

function reasonAgainst(requirement: Requirement, { outcome, expected, chain, findings }: RequiredFacts): string | null {
  switch (requirement) {
    case 'signed':
      if (outcome === 'verified' || outcome === 'signed-not-logged') return null;
      return outcome === 'unsigned' ? 'nobody has shown a good signature' : 'nobody who is expected to sign has signed';
    case 'logged':
      return outcome === 'verified' ? null : 'no log is known to hold an expected signature';
    case 'expected':
      if (expected === null) return 'nothing was named that the files should be';
      return expected.isMet ? null : 'the files are not what was named';
    case 'chain':
      if (chain === null) return 'nothing is known of the inputs';
      if (chain.weakest === 'verified') return null;
      return chain.weakest === null ? 'no input is stated' : `the weakest input is "${chain.weakest}"`;
    case 'no-findings':
      return findings.length === 0 ? null : `${findings.length} open`;
  }
}
