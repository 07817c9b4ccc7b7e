import { JsonError, parseStrictJson } from '#lib/model-signing/strict-json.ts';
import { decodeBase64, encodeBase64 } from '#lib/tlog/base64.ts';
import { TlogError } from '#lib/tlog/error.ts';
import type { FactsBuilder } from './facts-builder.ts';
import { JsonPlace } from './json-place.ts';

/** The name by which a byproduct of SLSA provenance is known to hold results of an evaluation. */
export const EVALUATION_BYPRODUCT = 'evaluation-results';
const MEDIA_TYPE = 'application/vnd.modeltrail.evaluation-results.v1+json';
const MAX_BYTES = 1024 * 1024;

/** A result that the maker of a model states of it. */
export interface EvaluationResult {
  /** The metric or benchmark. */
  readonly name: string;
  readonly value: string;
  /** The data set that it was measured with; null where not said. */
  readonly on: string | null;
}

/** An in-toto ResourceDescriptor whose `content` is the results: a JSON list of `{name, value, on?}`. */
export function evaluationByproduct(results: readonly EvaluationResult[]): object {
  const list = results.map(({ name, value, on }) => ({ name, value, ...(on !== null && { on }) }));
  const content = encodeBase64(new TextEncoder().encode(JSON.stringify(list)));
  return { name: EVALUATION_BYPRODUCT, mediaType: MEDIA_TYPE, content };
}

/** Reads the results of such a byproduct. One of the name that holds none is told, not passed over. */
export function readEvaluationByproduct(facts: FactsBuilder, place: JsonPlace): void {
  const content = place.get('content');
  if (!content.exists) return;
  const list = new JsonPlace(decode(content.value), content.at);
  if (!list.isList) {
    facts.remark(`${content.at} is not a list of results: a JSON list of name and value, in base64.`);
    return;
  }
  for (const result of list.entries()) {
    const name = facts.text(result.get('name'));
    const value = facts.text(result.get('value'));
    if (name !== null && value !== null) facts.evaluation(name, value, facts.text(result.get('on')), result.at);
    else facts.remark(`${result.at} is no result: it lacks its name or its value.`);
  }
}

function decode(value: unknown): unknown {
  if (typeof value !== 'string' || value.length > MAX_BYTES * 2) return null;
  try {
    return parseStrictJson(decodeBase64(value), { maxBytes: MAX_BYTES });
  } catch (error) {
    if (error instanceof JsonError || error instanceof TlogError) return null;
    throw error;
  }
}
