import { isSize } from '#lib/tlog/size.ts';
import { TRAINING_LOG_BYPRODUCT } from '#lib/training-log/byproduct.ts';
import { normaliseDigest } from './digest-set.ts';
import { EVALUATION_BYPRODUCT, readEvaluationByproduct } from './evaluation-byproduct.ts';
import type { StatedInput } from './facts.ts';
import type { FactsBuilder } from './facts-builder.ts';
import { inputRole, roleOfName } from './input-role.ts';
import type { JsonPlace } from './json-place.ts';
import { requireObject } from './require.ts';

const SHA256 = /^[0-9a-f]{64}$/;
/** Names of a file among the code that says how to train. */
const CONFIGURATION = /^(?:training[-_ ])?config$/i;
const PINS_FILE: ReadonlySet<string> = new Set(['sha256', 'sha384', 'sha512']);

/**
 * Reads an in-toto ResourceDescriptor, or a SLSA v0.2 material, as an input of a build. A name that says only what it was
 * for (`base-model`) is its role, not its name; annotations `model` and `dataset` name it.
 *
 * @throws {StatementError} where it is no object: an input that cannot be read at all is not passed over.
 */
export function readInput(facts: FactsBuilder, place: JsonPlace, buildType: string | null): void {
  requireObject(place);
  const annotations = place.get('annotations');
  const annotated = annotations.either('role', 'type').value;
  const stated = {
    name: facts.text(place.get('name')),
    uri: facts.text(place.either('uri', 'downloadLocation')),
    digests: facts.digests(place.get('digest')),
  };
  const role = inputRole({ ...stated, annotated: typeof annotated === 'string' ? annotated : null }, buildType);
  const isPlacedElsewhere = stated.uri !== null || stated.digests.length > 0;
  const isRoleOnly = isPlacedElsewhere && roleOfName(stated.name) !== null;
  const name = facts.text(annotations.either('model', 'dataset')) ?? (isRoleOnly ? null : stated.name);
  facts.input(role, { ...stated, name }, place.at);
  if (role === 'environment') describeEnvironment(facts, place, stated);
  if (role === 'code' && CONFIGURATION.test(stated.name ?? '')) describeConfiguration(facts, place, stated.digests);
}

/** Keeps what a run left behind, logs and metrics with their digests, as parameters: `byproduct metrics.jsonl`. */
export function readByproduct(facts: FactsBuilder, place: JsonPlace): void {
  const name = facts.text(place.get('name')) ?? facts.text(place.get('uri')) ?? 'unnamed';
  const digests = facts.digests(place.get('digest')).map(({ algorithm, digest }) => `${algorithm}:${digest}`);
  facts.row('parameters', `byproduct ${name}`, digests[0] ?? 'without a digest', place.at);
  if (name === TRAINING_LOG_BYPRODUCT) readTrainingLog(facts, place);
  if (name === EVALUATION_BYPRODUCT) readEvaluationByproduct(facts, place);
}

/** A byproduct of this name that pins no log is told, not passed over: somebody meant it to. */
function readTrainingLog(facts: FactsBuilder, place: JsonPlace): void {
  const annotations = place.get('annotations');
  const [sha256, root] = [place.get('digest').get('sha256').value, annotations.get('rootHash').value];
  const size = annotations.get('treeSize').value;
  if (isSha256(sha256) && isSha256(root) && typeof size === 'number' && isSize(size) && size > 0) {
    facts.trainingLog({ root, size, sha256, at: place.at });
  } else {
    facts.remark(`${place.at} is no training log: it lacks its SHA-256, or treeSize and rootHash as annotations.`);
  }
}

function isSha256(value: unknown): value is string {
  return typeof value === 'string' && SHA256.test(value);
}

/** A resource as one line: its address or name, and the digest that pins it. */
export function describeResource(place: JsonPlace): string {
  const { value } = place.either('uri', 'name', 'id');
  const [pin] = place
    .get('digest')
    .members()
    .flatMap(([algorithm, digest]) => normaliseDigest(algorithm, digest.value) ?? []);
  return [typeof value === 'string' ? value : '', pin ? `${pin.algorithm}:${pin.digest}` : '']
    .filter(Boolean)
    .join(' ');
}

/** Keeps that a configuration is pinned as a parameter: it stands for the hyperparameters that are in it. */
function describeConfiguration(facts: FactsBuilder, place: JsonPlace, digests: StatedInput['digests']): void {
  const pin = digests.find(({ algorithm }) => PINS_FILE.has(algorithm));
  if (pin) facts.row('parameters', 'configuration', `${pin.algorithm}:${pin.digest}`, place.at);
}

function describeEnvironment(
  facts: FactsBuilder,
  place: JsonPlace,
  { name, uri }: { name: string | null; uri: string | null },
) {
  const isImage = /^(?:oci|docker):|^pkg:(?:docker|oci)\//i.test(uri?.slice(0, 64) ?? '');
  facts.row('environment', isImage ? 'image' : (name ?? 'input'), describeResource(place), place.at);
}
