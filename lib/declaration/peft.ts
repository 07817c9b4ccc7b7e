import { collect, declared } from './declared.ts';
import type { DeclarationFacts } from './facts.ts';
import { addNamedInput } from './hub-id.ts';
import { readJsonObject } from './read-json.ts';

const MAX_BYTES = 1024 * 1024;

/**
 * Reads `adapter_config.json` of PEFT: the base model that an adapter is for. Trainers leave a path of their own machine
 * there, or nothing: such a config declares no base, and a remark says why.
 *
 * @throws {DeclarationError} for what is no JSON object of at most 1 MiB.
 */
export function readPeft(bytes: Uint8Array): DeclarationFacts {
  const config = readJsonObject(bytes, MAX_BYTES);
  const facts = collect();
  const base = config.get('base_model_name_or_path');
  const revision = facts.text(config.get('revision'));
  if (base.exists && base.value !== '') addNamedInput(facts, 'base-model', base, revision);
  else facts.remark(`${base.at} is empty: the adapter does not say which model it is for.`);
  return declared('peft', facts);
}
