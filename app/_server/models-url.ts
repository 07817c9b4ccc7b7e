import { createLoader, createSerializer, parseAsString, parseAsStringLiteral } from 'nuqs/server';

/** Everything about the models list that an address can say. */
export const modelsParsers = {
  q: parseAsString,
  signer: parseAsString,
  state: parseAsStringLiteral(['proved', 'waiting', 'not-logged']),
  before: parseAsString,
  after: parseAsString,
};

export const loadModelsQuery = createLoader(modelsParsers);

const serialize = createSerializer(modelsParsers);

export type ModelsQuery = Awaited<ReturnType<typeof loadModelsQuery>>;

export function modelsUrl(query: Partial<ModelsQuery>): string {
  return serialize('/models', query);
}
