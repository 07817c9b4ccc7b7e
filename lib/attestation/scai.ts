import { readClaims } from './claims.ts';
import type { AttestationFacts } from './facts.ts';
import { FactsBuilder, showValue } from './facts-builder.ts';
import type { JsonPlace } from './json-place.ts';
import { optionalList, refusal, requireObject, requireText } from './require.ts';
import { describeResource } from './resource-descriptor.ts';

/** Attributes that say how something was measured; all others describe how it was made. */
const MEASURED = /test|eval|benchmark|accuracy|metric|score/i;

/**
 * Reads a SCAI attribute report v0.2 or v0.3 (in-toto): each attribute is a row of the environment, or an evaluation
 * where its name says that something was measured.
 *
 * @throws {StatementError} without attributes, or where one has no name.
 */
export function readScai(predicate: JsonPlace, version: string): AttestationFacts {
  requireObject(predicate);
  const facts = new FactsBuilder('scai', version);
  const attributes = optionalList(predicate.get('attributes'));
  if (attributes.length === 0) throw refusal(predicate.get('attributes'), 'lists no attribute');
  for (const entry of attributes) readAttribute(facts, requireObject(entry));
  const producer = predicate.get('producer');
  facts.facts.builder = facts.stated(producer.isObject ? producer.either('uri', 'name') : producer);
  readClaims(facts, predicate);
  return facts.facts;
}

function readAttribute(facts: FactsBuilder, entry: JsonPlace): void {
  const { value: attribute, at } = requireText(entry.get('attribute'));
  const target = describe(entry.get('target'));
  const conditions = entry.get('conditions');
  const evidence = describe(entry.get('evidence'));
  const said = [conditions.exists ? showValue(conditions.value) : '', evidence === '' ? '' : `evidence ${evidence}`]
    .filter(Boolean)
    .join('; ');
  if (MEASURED.test(attribute)) facts.evaluation(attribute, said || 'asserted', target || null, at);
  else facts.row('environment', target === '' ? attribute : `${attribute} of ${target}`, said || 'asserted', at);
}

function describe(place: JsonPlace): string {
  return place.isObject ? describeResource(place) : '';
}
