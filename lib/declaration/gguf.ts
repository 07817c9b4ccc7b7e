import type { InputRole } from '#lib/attestation/facts.ts';
import type { FactsBuilder } from '#lib/attestation/facts-builder.ts';
import { JsonPlace } from '#lib/attestation/json-place.ts';
import { collect, declared } from './declared.ts';
import type { DeclarationFacts } from './facts.ts';
import { readGgufHeader } from './gguf-header.ts';

/** Bases and data sets that a header may list; a merge of more models than this is no model card any more. */
const MAX_LISTED = 1000;
const ADDRESS_KEYS = ['repo_url', 'url', 'doi'];

type Values = ReadonlyMap<string, string | number>;

/**
 * Reads what the header of a GGUF file says of where the model comes from: `general.base_model.*`, `general.dataset.*`
 * and `general.source.*` (GGUF specification, version 3). `bytes` is the start of the file. All of it are names: the
 * format has no digests.
 *
 * @throws {DeclarationError} for what is no GGUF header of version 2 or 3.
 */
export function readGguf(bytes: Uint8Array): DeclarationFacts {
  const { values, isCut } = readGgufHeader(bytes, 'general.');
  const facts = collect();
  if (isCut) facts.remark(`The header goes on after the ${bytes.length} bytes that were read.`);
  const merged = count(values, 'general.base_model') > 1;
  readListed(facts, values, 'general.base_model', merged ? 'merged-from' : 'base-model');
  readListed(facts, values, 'general.dataset', 'dataset');
  const source = addressOf(facts, values, 'general.source');
  if (source) facts.input('quantised-from', { uri: source.value }, source.at);
  return declared('gguf', facts, { name: textOf(facts, values, 'general.name') });
}

function readListed(facts: FactsBuilder, values: Values, list: string, role: InputRole): void {
  const listed = count(values, list);
  if (listed > MAX_LISTED) facts.remark(`${list}.count is ${listed}; ${MAX_LISTED} are read.`);
  for (let i = 0; i < Math.min(listed, MAX_LISTED); i++) {
    const at = `${list}.${i}`;
    const parts = ['organization', 'name'].map((key) => textOf(facts, values, `${at}.${key}`));
    const version = textOf(facts, values, `${at}.version`);
    const name = [parts.filter(Boolean).join('/'), version].filter(Boolean).join(' ') || null;
    facts.input(role, { name, uri: addressOf(facts, values, at)?.value ?? null }, at);
  }
}

function count(values: Values, list: string): number {
  const value = values.get(`${list}.count`);
  return typeof value === 'number' ? value : 0;
}

function addressOf(facts: FactsBuilder, values: Values, at: string): { value: string; at: string } | null {
  for (const key of ADDRESS_KEYS) {
    const value = textOf(facts, values, `${at}.${key}`);
    if (value !== null) return { value, at: `${at}.${key}` };
  }
  return null;
}

function textOf(facts: FactsBuilder, values: Values, key: string): string | null {
  return facts.text(new JsonPlace(values.get(key), key));
}
