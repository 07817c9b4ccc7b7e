import { readClaims } from './claims.ts';
import type { AttestationFacts } from './facts.ts';
import { FactsBuilder } from './facts-builder.ts';
import type { JsonPlace } from './json-place.ts';
import { optionalList, refusal, requireObject, requireText } from './require.ts';
import { describeResource } from './resource-descriptor.ts';

const RESULTS: ReadonlySet<string> = new Set(['PASSED', 'WARNED', 'FAILED']);

/**
 * Reads an in-toto test result v0.1: one evaluation a test, measured with what `configuration` lists.
 *
 * @throws {StatementError} where `result` is none of PASSED, WARNED, FAILED, or a list is none.
 */
export function readTestResult(predicate: JsonPlace): AttestationFacts {
  requireObject(predicate);
  const facts = new FactsBuilder('test-result', 'v0.1');
  const result = requireText(predicate.get('result'));
  if (!RESULTS.has(result.value)) throw refusal(predicate.get('result'), 'is none of PASSED, WARNED, FAILED');
  facts.facts.result = result;
  const configuration = optionalList(predicate.get('configuration'));
  for (const resource of configuration) {
    const name = facts.text(resource.get('name')) ?? 'resource';
    facts.row('parameters', `configuration ${name}`, describeResource(resource), resource.at);
  }
  const on = configuration.slice(0, 3).map(describeResource).filter(Boolean).join(', ') || null;
  for (const [key, value] of [
    ['passedTests', 'PASSED'],
    ['warnedTests', 'WARNED'],
    ['failedTests', 'FAILED'],
  ] as const) {
    for (const test of optionalList(predicate.get(key))) {
      const name = facts.text(test);
      if (name !== null) facts.evaluation(name, value, on, test.at);
    }
  }
  if (facts.facts.evaluations.length === 0) facts.evaluation('all tests', result.value, on, result.at);
  if (predicate.get('url').exists) facts.flatten('parameters', predicate.get('url'), 'url');
  readClaims(facts, predicate);
  return facts.facts;
}
