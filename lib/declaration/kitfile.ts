import type { InputRole } from '#lib/attestation/facts.ts';
import type { FactsBuilder } from '#lib/attestation/facts-builder.ts';
import type { JsonPlace } from '#lib/attestation/json-place.ts';
import { DeclarationError } from './declaration-error.ts';
import { collect, declared } from './declared.ts';
import type { DeclarationFacts } from './facts.ts';
import { isLocalPath } from './hub-id.ts';
import { readText, readYaml } from './read-yaml.ts';

/**
 * Reads a Kitfile (KitOps): data sets and code beside the model, and the kit that its model comes from where
 * `model.path` names one instead of a file.
 *
 * @throws {DeclarationError} for what is no YAML mapping of at most 1 MiB.
 */
export function readKitfile(bytes: Uint8Array): DeclarationFacts {
  const kit = readYaml(readText(bytes));
  if (!kit.isObject) throw new DeclarationError('bad-declaration', 'The Kitfile is not a mapping.');
  const facts = collect();
  const model = kit.get('model');
  const path = model.get('path');
  if (typeof path.value === 'string' && isKitReference(path.value)) {
    facts.input('base-model', { name: path.value, uri: `oci://${path.value}` }, path.at);
  }
  for (const part of model.get('parts').entries()) readPart(facts, 'component', part);
  for (const dataset of kit.get('datasets').entries()) readPart(facts, 'dataset', dataset);
  for (const code of kit.get('code').entries()) readPart(facts, 'code', code);
  const name = facts.text(model.get('name')) ?? facts.text(kit.get('package').get('name'));
  return declared('kitfile', facts, { name });
}

/** A reference to another kit has a registry or a tag: `registry.example/org/model:1.0`. */
function isKitReference(path: string): boolean {
  return (
    path.length <= 512 &&
    /^[a-z0-9.-]{1,255}(?::\d{1,5})?\/[\w./-]{1,255}(?::[\w.-]{1,128}|@sha256:[0-9a-f]{64})$/.test(path)
  );
}

/** Paths are those of files in the kit: they name, and are no address. */
function readPart(facts: FactsBuilder, role: InputRole, part: JsonPlace): void {
  const path = facts.text(part.get('path'));
  const name = facts.text(part.get('name')) ?? path;
  const uri = path !== null && !isLocalPath(path) && path.includes('://') ? path : null;
  facts.input(role, { name, uri }, part.at);
}
