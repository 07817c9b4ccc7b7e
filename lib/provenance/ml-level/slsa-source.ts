import { repositoryOf } from '#lib/attestation/source-code.ts';
import type { LevelFacts, SourceReview, StatementEvidence } from './level-facts.ts';
import { findVerifier, type TrustTable } from './trust-table.ts';

export interface SlsaSourceLevel {
  /** Null where nobody who is believed says anything: that is not level 0. */
  readonly level: 1 | 2 | 3 | 4 | null;
  readonly why: string;
}

const LEVELS = [4, 3, 2, 1] as const;

/** Summaries about the commit that passed, by a verifier that the operator believes, for the repository that is named. */
export function trustedReviews({ reviews, facts }: StatementEvidence, trust: TrustTable): readonly SourceReview[] {
  const { repository } = facts;
  if (repository === null) return [];
  const named = repositoryOf(repository.value);
  return reviews.filter(
    ({ certificate, verifier, isPassed, resource }) =>
      isPassed &&
      resource !== null &&
      repositoryOf(resource) === named &&
      findVerifier(trust, certificate, verifier) !== null,
  );
}

/** The level of SLSA's source track that a believed verifier gives to the commit of the training code (SLSA v1.2). */
export function judgeSlsaSource({ statement, trust }: LevelFacts): SlsaSourceLevel {
  if (!statement) return { level: null, why: 'No provenance names the commit.' };
  const reviews = trustedReviews(statement, trust);
  const said = new Set(reviews.flatMap(({ levels }) => levels));
  const level = LEVELS.find((one) => said.has(`SLSA_SOURCE_LEVEL_${one}`)) ?? null;
  if (level !== null) return { level, why: 'As a believed verifier says of the commit in a verification summary.' };
  return {
    level,
    why:
      reviews.length > 0
        ? 'A believed verifier knows the commit, and gives it no level.'
        : 'No verification summary about the commit by a verifier that is believed here.',
  };
}
