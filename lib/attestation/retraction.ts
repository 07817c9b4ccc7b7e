import type { SubjectDigest } from '#lib/model-signing/statement.ts';
import { readClaims } from './claims.ts';
import type { AttestationFacts } from './facts.ts';
import { FactsBuilder } from './facts-builder.ts';
import type { JsonPlace } from './json-place.ts';
import { refusal, requireObject, requireText } from './require.ts';

/** The predicate type of retractions (docs/signing.md): that its signer withdraws the subjects. */
export const RETRACTION_TYPE = 'urn:modeltrail:predicate:retraction:v1';

/** That a signer withdraws what the statement is about. */
export interface StatedRetraction {
  readonly reason: string;
  /** What to use instead; null where nothing is named. */
  readonly replacement: SubjectDigest | null;
}

/**
 * Reads a retraction: `reason`, and `replacement` as a set of digests, of which the first that is a digest counts. When it was
 * made is what certificate and log prove; times in it are claims.
 *
 * @throws {StatementError} `bad-attestation` where there is no reason, or a replacement is named and none of its digests is one.
 */
export function readRetraction(predicate: JsonPlace): AttestationFacts {
  requireObject(predicate);
  const facts = new FactsBuilder('retraction', 'v1');
  const reason = requireText(predicate.get('reason')).value;
  const named = predicate.get('replacement');
  const digests = named.exists ? facts.digests(requireObject(named).get('digest')) : [];
  if (named.exists && digests.length === 0)
    throw refusal(named.get('digest'), 'holds no digest of what to use instead');
  facts.facts.retraction = { reason, replacement: digests[0] ?? null };
  readClaims(facts, predicate);
  return facts.facts;
}
