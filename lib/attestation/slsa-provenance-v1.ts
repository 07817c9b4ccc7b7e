import { readClaims, readExtensions } from './claims.ts';
import type { AttestationFacts, StatedValue } from './facts.ts';
import { FactsBuilder } from './facts-builder.ts';
import type { JsonPlace } from './json-place.ts';
import { optionalList, requireObject, requireText } from './require.ts';
import { describeResource, readByproduct, readInput } from './resource-descriptor.ts';
import { readCodeInputs, repositoryOf } from './source-code.ts';

const NO_BASE = new Set(['none', 'scratch', 'from scratch', 'from-scratch']);

/**
 * Reads SLSA provenance v1 (slsa.dev/spec/v1.2/build-provenance). Unknown fields are ignored, as it asks.
 *
 * @throws {StatementError} naming a required field that is missing or of another type.
 */
export function readSlsaProvenanceV1(predicate: JsonPlace): AttestationFacts {
  requireObject(predicate);
  const facts = new FactsBuilder('slsa-provenance', 'v1');
  const definition = requireObject(predicate.get('buildDefinition'));
  const run = requireObject(predicate.get('runDetails'));
  const builder = requireObject(run.get('builder'));
  const buildType = requireText(definition.get('buildType'));
  const parameters = requireObject(definition.get('externalParameters'));
  facts.facts.buildType = buildType;
  facts.facts.builder = requireText(builder.get('id'));
  for (const input of optionalList(definition.get('resolvedDependencies'))) readInput(facts, input, buildType.value);
  readParameters(facts, parameters);
  readEnvironment(facts, definition.get('internalParameters'));
  readRun(facts, run, builder);
  readCodeInputs(facts);
  readClaims(facts, predicate, definition, parameters, run.get('metadata'), run);
  readExtensions(facts, predicate, definition, run, builder, run.get('metadata'));
  return facts.facts;
}

/** Source, entry point, hyperparameters and the base that is named by a parameter: shared with v0.2. */
export function readParameters(facts: FactsBuilder, parameters: JsonPlace): void {
  facts.flatten('parameters', parameters);
  const source = [parameters.get('source'), parameters.get('workflow')].find(({ isObject }) => isObject) ?? parameters;
  const repository = firstText(facts, [
    source.either('repository', 'uri'),
    parameters.get('repository'),
    parameters.get('source'),
  ]);
  if (repository) facts.facts.repository ??= { ...repository, value: repositoryOf(repository.value) };
  facts.facts.entryPoint ??= firstText(facts, [
    source.either('path', 'entryPoint', 'entry_point'),
    parameters.either('entryPoint', 'entry_point', 'script'),
  ]);
  readNamedBase(facts, parameters.either('base_model', 'baseModel', 'base-model'));
}

function readNamedBase(facts: FactsBuilder, place: JsonPlace): void {
  const base = place.isObject ? null : facts.stated(place);
  if (!base) return;
  if (NO_BASE.has(base.value.toLowerCase())) facts.facts.statesNoBase = base;
  else if (!facts.facts.inputs.some(({ role }) => role === 'base-model')) {
    facts.input('base-model', { name: base.value }, base.at);
  }
}

/** `internalParameters.environment.gpu` is `gpu`; what lies beside `environment` keeps its whole name. */
function readEnvironment(facts: FactsBuilder, internal: JsonPlace): void {
  if (!internal.exists) return;
  if (!internal.isObject) {
    facts.remark(`${internal.at} is not an object.`);
    return;
  }
  for (const [key, member] of internal.members()) {
    facts.flatten('environment', member, key === 'environment' && member.isObject ? '' : key);
  }
}

function readRun(facts: FactsBuilder, run: JsonPlace, builder: JsonPlace): void {
  const metadata = run.get('metadata');
  facts.facts.invocation = facts.stated(metadata.either('invocationId', 'invocationID'));
  facts.facts.startedAt = facts.time(metadata.get('startedOn'));
  facts.facts.finishedAt = facts.time(metadata.get('finishedOn'));
  for (const byproduct of optionalList(run.get('byproducts'))) readByproduct(facts, byproduct);
  if (builder.get('version').exists) facts.flatten('environment', builder.get('version'), 'builder version');
  for (const dependency of builder.get('builderDependencies').entries()) {
    facts.row('environment', 'builder dependency', describeResource(dependency), dependency.at);
  }
}

/** The first place that holds a text; objects in these places are described elsewhere. */
function firstText(facts: FactsBuilder, places: readonly JsonPlace[]): StatedValue | null {
  const found = places.find(({ value }) => typeof value === 'string' && value !== '');
  return found ? facts.stated(found) : null;
}
