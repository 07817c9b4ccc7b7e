import { readClaims } from './claims.ts';
import type { AttestationFacts } from './facts.ts';
import { FactsBuilder, showValue } from './facts-builder.ts';
import type { JsonPlace } from './json-place.ts';
import { requireObject, requireText } from './require.ts';
import { describeResource } from './resource-descriptor.ts';

/**
 * Reads an evaluation result as it is proposed for in-toto: a metric held against a threshold. The proposal is open, so
 * only the metric must be there.
 *
 * @throws {StatementError} where `metric` is no text.
 */
export function readEvaluationResult(predicate: JsonPlace, version: string): AttestationFacts {
  requireObject(predicate);
  const facts = new FactsBuilder('evaluation', version);
  const metric = requireText(predicate.get('metric'));
  const { value: passed, at } = predicate.get('passed');
  if (typeof passed === 'boolean') facts.facts.result = { value: passed ? 'PASSED' : 'FAILED', at };
  const harness = predicate.get('harness');
  const on = [predicate.either('dataset', 'benchmark'), harness].map(describe).filter(Boolean).join(', ') || null;
  const value = predicate.either('value', 'score');
  const threshold = [predicate.get('comparator'), predicate.get('threshold')]
    .filter((place) => place.exists)
    .map((place) => showValue(place.value))
    .join(' ');
  const shown = [value.exists ? showValue(value.value) : '', threshold, facts.facts.result?.value ?? ''];
  facts.evaluation(metric.value, shown.filter(Boolean).join(', ') || 'not stated', on, metric.at);
  for (const key of ['harness', 'sampleSize', 'commitments', 'assuranceLevel']) {
    if (predicate.get(key).exists) facts.flatten('parameters', predicate.get(key), key);
  }
  readClaims(facts, predicate);
  return facts.facts;
}

function describe(place: JsonPlace): string {
  if (place.isObject) return describeResource(place);
  return place.exists ? showValue(place.value) : '';
}
