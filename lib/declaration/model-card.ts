import type { InputRole } from '#lib/attestation/facts.ts';
import { type FactsBuilder, showValue } from '#lib/attestation/facts-builder.ts';
import { JsonPlace } from '#lib/attestation/json-place.ts';
import { DeclarationError } from './declaration-error.ts';
import { collect, declared } from './declared.ts';
import type { DeclarationFacts } from './facts.ts';
import { addNamedInput } from './hub-id.ts';
import { readText, readYaml } from './read-yaml.ts';

/** What a base model was to the model, by `base_model_relation` or the tag that the hub makes of it. */
const ROLES: ReadonlyMap<string, InputRole> = new Map([
  ['adapter', 'base-model'],
  ['finetune', 'base-model'],
  ['quantized', 'quantised-from'],
  ['merge', 'merged-from'],
]);
const BASE_TAG = /^base_model:(?:(adapter|finetune|quantized|merge):)?([\w./-]{1,200})$/;

/**
 * Reads the front matter of a model card (README.md of the Hugging Face hub): bases, data sets, results, successor.
 * A card without front matter declares nothing.
 *
 * @throws {DeclarationError} for front matter that is no YAML mapping, or more than 1 MiB.
 */
export function readModelCard(bytes: Uint8Array): DeclarationFacts {
  const facts = collect();
  const card = readFrontMatter(readText(bytes));
  readBases(facts, card);
  for (const dataset of card.get('datasets').oneOrMany()) addNamedInput(facts, 'dataset', dataset);
  for (const model of card.get('model-index').entries()) readResults(facts, model);
  const supersededBy = facts.text(card.get('new_version'));
  const name = card.get('model_name').exists
    ? card.get('model_name')
    : (card.get('model-index').entries()[0]?.get('name') ?? null);
  return declared('model-card', facts, { name: name ? facts.text(name) : null, supersededBy });
}

/** What stands between a first line of three hyphens and the next such line. */
function readFrontMatter(text: string): JsonPlace {
  const start = /^---[ \t]*\r?\n/.exec(text);
  if (!start) return new JsonPlace({}, '');
  const from = start[0].length;
  const end = /^---[ \t]*\r?$/m.exec(text.slice(from));
  if (!end)
    throw new DeclarationError('not-yaml', 'The front matter that line 1 opens is not closed by a line of "---".');
  // A line in front keeps the YAML's line numbers those of the file.
  const card = readYaml(`\n${text.slice(from, from + end.index)}`);
  if (card.exists && !card.isObject)
    throw new DeclarationError('bad-declaration', 'The front matter is not a mapping.');
  return card;
}

function readBases(facts: FactsBuilder, card: JsonPlace): void {
  const relation = facts.text(card.get('base_model_relation'));
  const role = relation === null ? 'base-model' : ROLES.get(relation);
  if (role === undefined) facts.remark(`base_model_relation is none of ${[...ROLES.keys()].join(', ')}.`);
  const bases = card.get('base_model').oneOrMany();
  for (const base of bases) addNamedInput(facts, role ?? 'base-model', base);
  const named = new Set(bases.map(({ value }) => value));
  for (const tag of card.get('tags').oneOrMany()) {
    const [, tagged, id] = typeof tag.value === 'string' ? (BASE_TAG.exec(tag.value) ?? []) : [];
    if (id === undefined || named.has(id)) continue;
    named.add(id);
    addNamedInput(facts, ROLES.get(tagged ?? '') ?? 'base-model', new JsonPlace(id, tag.at));
  }
}

/** `model-index`: each metric of each result, measured on its data set at its revision. */
function readResults(facts: FactsBuilder, model: JsonPlace): void {
  for (const result of model.get('results').entries()) {
    const dataset = result.get('dataset');
    const parts = [dataset.either('name', 'type'), dataset.get('config'), dataset.get('split')].map((part) =>
      facts.text(part),
    );
    const revision = facts.text(dataset.get('revision'));
    const on = [...parts, revision === null ? null : `at ${revision}`].filter((part) => part !== null).join(' ');
    for (const metric of result.get('metrics').entries()) {
      const name = facts.text(metric.either('name', 'type')) ?? 'metric';
      facts.evaluation(name, showValue(metric.get('value').value ?? null), on || null, metric.at);
    }
  }
}
