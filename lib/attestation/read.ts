import { isModelSignature } from '#lib/model-signing/oms.ts';
import type { Statement } from '#lib/model-signing/statement.ts';
import { readClaims } from './claims.ts';
import { isCroissant, readCroissant } from './croissant.ts';
import { readCycloneDx } from './cyclonedx.ts';
import { readEvaluationResult } from './evaluation-result.ts';
import { type AttestationFacts, noFacts } from './facts.ts';
import { FactsBuilder } from './facts-builder.ts';
import { JsonPlace } from './json-place.ts';
import { isNineFields, readNineFields } from './nine-fields-predicate.ts';
import { RETRACTION_TYPE, readRetraction } from './retraction.ts';
import { readScai } from './scai.ts';
import { readSlsaProvenanceV0 } from './slsa-provenance-v0-2.ts';
import { readSlsaProvenanceV1 } from './slsa-provenance-v1.ts';
import { readSpdx } from './spdx.ts';
import { readTestResult } from './test-result.ts';
import { readVerificationSummary } from './verification-summary.ts';

type Reader = (predicate: JsonPlace, version: string) => AttestationFacts;

/** What follows a slash at the end of a predicate type is its version. First match wins. */
const READERS: readonly (readonly [RegExp, Reader])[] = [
  [/^https:\/\/slsa\.dev\/provenance\/v1(?:\.\d{1,4})?$/, readSlsaProvenanceV1],
  [/^https:\/\/slsa\.dev\/provenance\/v0\.2$/, (predicate) => readSlsaProvenanceV0(predicate, 'v0.2')],
  [
    /^https:\/\/(?:slsa\.dev\/provenance|in-toto\.io\/Provenance)\/v0\.1$/,
    (predicate) => readSlsaProvenanceV0(predicate, 'v0.1'),
  ],
  [/^https:\/\/slsa\.dev\/verification_summary\/v\d/, readVerificationSummary],
  [/^https:\/\/in-toto\.io\/attestation\/test-result\/v0\.1$/, readTestResult],
  [/\/eval(?:uation)?-results?\/v\d/, readEvaluationResult],
  [/^https:\/\/in-toto\.io\/attestation\/scai\/(?:attribute-report\/)?v0\.[23]$/, readScai],
  [/^https:\/\/cyclonedx\.org\/bom(?:\/v?\d|$)/, readCycloneDx],
  [/^https:\/\/spdx\.dev\/Document\/v3/, readSpdx],
  [/^https?:\/\/mlcommons\.org\/croissant\//, readCroissant],
];

/**
 * Reads what a statement's predicate says of its subjects. A predicate of a type that is not known here gives facts of
 * kind `other`, unless it states the nine fields of a model's provenance under their own names.
 *
 * @throws {StatementError} `bad-attestation`, naming the field, where the predicate has not the form of its type.
 */
export function readAttestation(statement: Statement): AttestationFacts {
  const { predicateType } = statement;
  const predicate = new JsonPlace(statement.predicate, 'predicate');
  const version = /\/(v[\d.]{1,16}(?:-rc\d{1,3})?)$/.exec(predicateType)?.[1] ?? '';
  if (isModelSignature(predicateType)) return noFacts('model-signature', version);
  if (predicateType === RETRACTION_TYPE) return readRetraction(predicate);
  const reader = READERS.find(([type]) => type.test(predicateType))?.[1];
  if (reader) return reader(predicate, version);
  if (isNineFields(predicateType, predicate)) return readNineFields(predicateType, predicate);
  if (isCroissant(predicate)) return readCroissant(predicate);
  const facts = new FactsBuilder('other', version);
  readClaims(facts, predicate, predicate.get('metadata'));
  return facts.facts;
}
