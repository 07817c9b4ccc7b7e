import { readClaims } from './claims.ts';
import type { AttestationFacts } from './facts.ts';
import { FactsBuilder, MAX_ROWS } from './facts-builder.ts';
import type { JsonPlace } from './json-place.ts';
import { refusal, requireObject, requireText } from './require.ts';
import { describeResource } from './resource-descriptor.ts';

/**
 * Reads a SLSA verification summary (slsa.dev/spec/v1.2/verification_summary), and the versions before v1, which spell
 * some keys with underscores and give one `policy_level`. Verifier, resource, policy and inputs are parameters.
 *
 * @throws {StatementError} without a verifier or a result of PASSED or FAILED.
 */
export function readVerificationSummary(predicate: JsonPlace, version: string): AttestationFacts {
  requireObject(predicate);
  const facts = new FactsBuilder('verification-summary', version);
  const verifier = requireText(requireObject(predicate.get('verifier')).get('id'));
  facts.row('parameters', 'verifier', verifier.value, verifier.at);
  const result = requireText(predicate.either('verificationResult', 'verification_result'));
  if (result.value !== 'PASSED' && result.value !== 'FAILED') {
    throw refusal(predicate.either('verificationResult', 'verification_result'), 'is neither PASSED nor FAILED');
  }
  facts.facts.result = result;
  facts.facts.finishedAt = facts.time(predicate.either('timeVerified', 'time_verified'));
  const resource = facts.stated(predicate.either('resourceUri', 'resource_uri'));
  if (resource) facts.row('parameters', 'resource', resource.value, resource.at);
  if (predicate.get('policy').exists) {
    facts.row('parameters', 'policy', describeResource(predicate.get('policy')), predicate.get('policy').at);
  }
  for (const input of predicate.either('inputAttestations', 'input_attestations').entries()) {
    facts.row('parameters', 'input attestation', describeResource(input), input.at);
  }
  readLevels(facts, predicate);
  readClaims(facts, predicate);
  return facts.facts;
}

function readLevels(facts: FactsBuilder, predicate: JsonPlace): void {
  const levels = predicate.either('verifiedLevels', 'verified_levels', 'policyLevel', 'policy_level').oneOrMany();
  if (levels.length > MAX_ROWS) facts.remark(`${levels[MAX_ROWS]?.at}: ${MAX_ROWS} levels are read, and no more.`);
  for (const place of levels.slice(0, MAX_ROWS)) {
    const level = facts.text(place);
    if (level !== null) facts.facts.verifiedLevels.push(level);
  }
  facts.flatten('parameters', predicate.either('dependencyLevels', 'dependency_levels'), 'dependency levels');
  if (predicate.get('slsaVersion').exists) facts.flatten('parameters', predicate.get('slsaVersion'), 'slsaVersion');
}
