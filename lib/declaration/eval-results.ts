import { showValue } from '#lib/attestation/facts-builder.ts';
import { DeclarationError } from './declaration-error.ts';
import { collect, declared } from './declared.ts';
import type { DeclarationFacts } from './facts.ts';
import { readText, readYaml } from './read-yaml.ts';

/**
 * Reads a file of `.eval_results/` of the Hugging Face hub: a list of results, each with its data set, task and value.
 *
 * @throws {DeclarationError} for what is no YAML list, or mapping, of at most 1 MiB.
 */
export function readEvalResults(bytes: Uint8Array): DeclarationFacts {
  const file = readYaml(readText(bytes));
  if (!file.isObject && !file.isList) {
    throw new DeclarationError('bad-declaration', 'The file is neither a list of results nor one result.');
  }
  const facts = collect();
  for (const result of file.oneOrMany()) {
    const dataset = result.get('dataset');
    const id = facts.text(dataset.isObject ? dataset.get('id') : dataset);
    const task = facts.text(dataset.isObject ? dataset.get('task_id') : result.get('task_id'));
    const revision = facts.text(dataset.isObject ? dataset.get('revision') : result.get('revision'));
    const on = [id, revision === null ? null : `at ${revision}`].filter((part) => part !== null).join(' ');
    const { value } = result.get('value');
    if (value === undefined || value === null) facts.remark(`${result.at || 'The file'} has no value.`);
    else facts.evaluation(task ?? id ?? 'result', showValue(value), on || null, result.at);
  }
  return declared('eval-results', facts);
}
