import { readClaims } from './claims.ts';
import type { AttestationFacts } from './facts.ts';
import { FactsBuilder } from './facts-builder.ts';
import type { JsonPlace } from './json-place.ts';
import { optionalList, requireObject, requireText } from './require.ts';
import { readInput } from './resource-descriptor.ts';
import { readParameters } from './slsa-provenance-v1.ts';
import { readCodeInputs, readCommit, repositoryOf } from './source-code.ts';

/**
 * Reads SLSA provenance v0.2 (slsa.dev/spec/v0.2/provenance), and v0.1, which has `recipe` instead of `invocation`.
 *
 * @throws {StatementError} naming a required field that is missing or of another type.
 */
export function readSlsaProvenanceV0(predicate: JsonPlace, version: 'v0.1' | 'v0.2'): AttestationFacts {
  requireObject(predicate);
  const facts = new FactsBuilder('slsa-provenance', version);
  facts.facts.builder = requireText(requireObject(predicate.get('builder')).get('id'));
  const materials = optionalList(predicate.get('materials'));
  const recipe = predicate.get('recipe');
  const buildType = version === 'v0.2' ? requireText(predicate.get('buildType')) : facts.stated(recipe.get('type'));
  facts.facts.buildType = buildType;
  if (version === 'v0.2') readInvocation(facts, predicate.get('invocation'));
  else readRecipe(facts, recipe, materials);
  for (const material of materials) readInput(facts, material, buildType?.value ?? null);
  readParameters(facts, version === 'v0.2' ? predicate.get('invocation').get('parameters') : recipe.get('arguments'));
  if (predicate.get('buildConfig').exists) facts.flatten('parameters', predicate.get('buildConfig'), 'buildConfig');
  readMetadata(facts, predicate.get('metadata'));
  readCodeInputs(facts);
  readClaims(facts, predicate, predicate.get('metadata'));
  return facts.facts;
}

function readInvocation(facts: FactsBuilder, invocation: JsonPlace): void {
  const source = invocation.get('configSource');
  const uri = facts.stated(source.get('uri'));
  if (uri) facts.facts.repository = { ...uri, value: repositoryOf(uri.value) };
  facts.facts.entryPoint = facts.stated(source.get('entryPoint'));
  facts.facts.commit = readCommit(facts, source.get('digest').either('gitCommit', 'sha1'));
  facts.flatten('environment', invocation.get('environment'), '');
}

/** v0.1 points from its recipe to the material that defines it. */
function readRecipe(facts: FactsBuilder, recipe: JsonPlace, materials: readonly JsonPlace[]): void {
  facts.facts.entryPoint = facts.stated(recipe.get('entryPoint'));
  facts.flatten('environment', recipe.get('environment'), '');
  const index = recipe.get('definedInMaterial').value;
  const uri = typeof index === 'number' ? materials[index]?.get('uri') : undefined;
  const stated = uri ? facts.stated(uri) : null;
  if (stated) facts.facts.repository = { ...stated, value: repositoryOf(stated.value) };
}

function readMetadata(facts: FactsBuilder, metadata: JsonPlace): void {
  facts.facts.invocation = facts.stated(metadata.either('buildInvocationId', 'buildInvocationID'));
  facts.facts.startedAt = facts.time(metadata.get('buildStartedOn'));
  facts.facts.finishedAt = facts.time(metadata.get('buildFinishedOn'));
  for (const key of ['completeness', 'reproducible']) {
    if (metadata.get(key).exists) facts.flatten('environment', metadata.get(key), key);
  }
}
