import { readClaims } from './claims.ts';
import { digestOfText } from './digest-set.ts';
import { type AttestationFacts, type InputRole, PROVENANCE_FIELDS } from './facts.ts';
import { FactsBuilder, showValue } from './facts-builder.ts';
import { JsonPlace } from './json-place.ts';
import { requireObject } from './require.ts';
import { readCommit, repositoryOf } from './source-code.ts';

const PREDICATE_TYPE = /\/model-provenance\/v(\d{1,4}(?:\.\d{1,4})?)$/;
/** A predicate of an unknown type that has this many of the nine keys is read as one. */
const ENOUGH_FIELDS = 3;

/** Whether a predicate states the nine fields of a model's provenance under their own names. */
export function isNineFields(predicateType: string, predicate: JsonPlace): boolean {
  if (PREDICATE_TYPE.test(predicateType)) return true;
  return PROVENANCE_FIELDS.filter((field) => predicate.get(field).exists).length >= ENOUGH_FIELDS;
}

/**
 * Reads a predicate whose keys are the nine fields. Signer and time are claims like all that stands in a payload.
 *
 * @throws {StatementError} where the predicate is no object, or has too many inputs.
 */
export function readNineFields(predicateType: string, predicate: JsonPlace): AttestationFacts {
  requireObject(predicate);
  const version = PREDICATE_TYPE.exec(predicateType)?.[1];
  const facts = new FactsBuilder('model-provenance', version === undefined ? '' : `v${version}`);
  const model = predicate.get('model_hash');
  for (const place of model.oneOrMany()) facts.output(nameOf(facts, place), digestsOf(facts, place), place.at);
  readCode(facts, predicate.get('training_code_commit'));
  readInputs(facts, 'dataset', predicate.get('training_data_hash'));
  readBase(facts, predicate.get('base_model_hash'));
  const environment = predicate.get('training_environment');
  facts.flatten('environment', environment, environment.isObject ? '' : 'environment');
  facts.facts.invocation = facts.stated(predicate.get('training_pipeline_id'));
  readEvaluations(facts, predicate.get('evaluation_results'));
  readClaims(facts, predicate);
  return facts.facts;
}

/** `4f0c…`, or `https://…@4f0c…` as Git addresses are written. */
function readCode(facts: FactsBuilder, place: JsonPlace): void {
  if (place.isObject) {
    facts.facts.commit = readCommit(facts, place.either('commit', 'gitCommit', 'sha1'));
    const repository = facts.stated(place.either('repository', 'uri'));
    if (repository) facts.facts.repository = { ...repository, value: repositoryOf(repository.value) };
  } else {
    const [, address, commit] =
      typeof place.value === 'string' ? (/^(.{1,2048})@([0-9a-fA-F]{40,64})$/.exec(place.value) ?? []) : [];
    if (address !== undefined) facts.facts.repository = { value: repositoryOf(address), at: place.at };
    facts.facts.commit = readCommit(facts, new JsonPlace(commit ?? place.value, place.at));
  }
  const { commit, repository } = facts.facts;
  if (!commit) return;
  const digests = [{ algorithm: 'gitCommit', digest: commit.value }];
  facts.input('code', { uri: repository ? `git+${repository.value}` : null, digests }, place.at);
}

function readBase(facts: FactsBuilder, place: JsonPlace): void {
  const isNone = typeof place.value === 'string' && /^(?:none|scratch)$/i.test(place.value);
  if (isNone) facts.facts.statesNoBase = facts.stated(place);
  else readInputs(facts, 'base-model', place);
}

function readInputs(facts: FactsBuilder, role: InputRole, place: JsonPlace): void {
  for (const entry of place.oneOrMany()) {
    const uri = entry.isObject ? facts.text(entry.either('uri', 'url')) : null;
    facts.input(role, { name: nameOf(facts, entry), uri, digests: digestsOf(facts, entry) }, entry.at);
  }
}

/** A text that is no digest names the thing. */
function nameOf(facts: FactsBuilder, place: JsonPlace): string | null {
  if (place.isObject) return facts.text(place.either('name', 'id'));
  const text = facts.text(place);
  return text === null || digestOfText(text) ? null : text;
}

function digestsOf(facts: FactsBuilder, place: JsonPlace) {
  const stated = place.isObject ? place.either('digest', 'hash', 'sha256') : place;
  if (stated.isObject) return facts.digests(stated);
  const digest = typeof stated.value === 'string' ? digestOfText(stated.value) : null;
  if (place.isObject && stated.exists && digest === null) facts.remark(`${stated.at} is not a digest.`);
  return digest ? [digest] : [];
}

/** A list of results, an object of metric and value, or one text. */
function readEvaluations(facts: FactsBuilder, place: JsonPlace): void {
  if (!place.exists) return;
  if (!place.isObject && !place.isList) {
    facts.evaluation('result', showValue(place.value), null, place.at);
    return;
  }
  for (const [key, member] of place.members()) facts.evaluation(key, showValue(member.value), null, member.at);
  for (const [i, entry] of place.entries().entries()) {
    const name = facts.text(entry.either('metric', 'name', 'task', 'benchmark')) ?? `result ${i + 1}`;
    const on = facts.text(entry.either('dataset', 'on'));
    const value = entry.isObject ? entry.either('value', 'score', 'result').value : entry.value;
    facts.evaluation(name, showValue(value ?? null), on, entry.at);
  }
}
