import { createLoader, createSerializer, parseAsBoolean, parseAsString, parseAsStringLiteral } from 'nuqs/server';
import { LINK_STATES } from '#lib/provenance/link-state.ts';
import { MODEL_STATES } from '#lib/provenance/model-state.ts';

/** Everything about the models list that an address can say. */
export const modelsParsers = {
  q: parseAsString,
  signer: parseAsString,
  state: parseAsStringLiteral(MODEL_STATES),
  /** Weakest link of the newest version. */
  weakest: parseAsStringLiteral([...LINK_STATES, 'none']),
  findings: parseAsBoolean,
  before: parseAsString,
  after: parseAsString,
};

export const loadModelsQuery = createLoader(modelsParsers);

const serialize = createSerializer(modelsParsers);

export type ModelsQuery = Awaited<ReturnType<typeof loadModelsQuery>>;

export function modelsUrl(query: Partial<ModelsQuery>): string {
  return serialize('/models', query);
}
