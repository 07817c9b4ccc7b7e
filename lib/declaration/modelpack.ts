import { collect, declared } from './declared.ts';
import type { DeclarationFacts } from './facts.ts';
import { readJsonObject } from './read-json.ts';

const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Reads a ModelPack config (`application/vnd.cncf.model.config.v1+json`): where sources and data sets are. It has no
 * field for a base model.
 *
 * @throws {DeclarationError} for what is no JSON object of at most 4 MiB.
 */
export function readModelPack(bytes: Uint8Array): DeclarationFacts {
  const descriptor = readJsonObject(bytes, MAX_BYTES).get('descriptor');
  const facts = collect();
  const source = descriptor.get('sourceURL');
  const uri = facts.text(source);
  const revision = facts.text(descriptor.get('revision'));
  if (uri !== null) facts.input('code', { uri: revision === null ? uri : `${uri}@${revision}` }, source.at);
  for (const dataset of descriptor.get('datasetsURL').oneOrMany()) {
    const address = facts.text(dataset);
    if (address !== null) facts.input('dataset', { uri: address }, dataset.at);
  }
  return declared('modelpack', facts, { name: facts.text(descriptor.get('name')) });
}
