import { readClaims } from './claims.ts';
import type { AttestationFacts } from './facts.ts';
import { FactsBuilder } from './facts-builder.ts';
import type { JsonPlace } from './json-place.ts';
import { requireObject } from './require.ts';

const CONFORMS_TO = /^https?:\/\/mlcommons\.org\/croissant\/(\d{1,4}(?:\.\d{1,4}){0,2})$/;

/** Whether a document is a Croissant data set: it conforms to it, or is a data set with files. */
export function isCroissant(document: JsonPlace): boolean {
  if (versionOf(document) !== null) return true;
  const isDataset = typesOf(document).some((type) => /^(?:sc:|https?:\/\/schema\.org\/)?Dataset$/.test(type));
  return isDataset && document.get('distribution').exists;
}

/**
 * Reads a Croissant 1.0 or 1.1 description (MLCommons) of a data set: its files with their digests are outputs, what it
 * was derived from are inputs.
 *
 * @throws {StatementError} where it is no object, or has too many inputs.
 */
export function readCroissant(document: JsonPlace): AttestationFacts {
  requireObject(document);
  const facts = new FactsBuilder('croissant', versionOf(document) ?? '');
  for (const file of document.get('distribution').oneOrMany()) readFile(facts, file);
  for (const source of document.either('prov:wasDerivedFrom', 'wasDerivedFrom').oneOrMany()) readSource(facts, source);
  const activity = document.either('prov:wasGeneratedBy', 'wasGeneratedBy').oneOrMany()[0];
  if (activity) facts.facts.invocation = facts.stated(activity.isObject ? activity.either('@id', 'name') : activity);
  for (const key of ['name', 'version', 'license', 'isLiveDataset', 'citeAs']) {
    if (document.get(key).exists) facts.flatten('parameters', document.get(key), key);
  }
  readClaims(facts, document);
  return facts.facts;
}

function readFile(facts: FactsBuilder, file: JsonPlace): void {
  const name = facts.text(file.either('contentUrl', 'name', '@id'));
  facts.output(name, fileDigests(facts, file), file.at);
}

function readSource(facts: FactsBuilder, source: JsonPlace): void {
  if (!source.isObject) {
    facts.input('dataset', { uri: facts.text(source) }, source.at);
    return;
  }
  const uri = facts.text(source.either('url', 'contentUrl', '@id'));
  facts.input('dataset', { name: facts.text(source.get('name')), uri, digests: fileDigests(facts, source) }, source.at);
}

function fileDigests(facts: FactsBuilder, file: JsonPlace) {
  const stated = ['sha256', 'md5'].map((algorithm) => ({ algorithm, ...pick(file.get(algorithm)) }));
  return facts.digestList(stated.filter(({ value }) => value !== undefined && value !== null));
}

function pick({ value, at }: JsonPlace) {
  return { value, at };
}

function versionOf(document: JsonPlace): string | null {
  for (const place of document.either('conformsTo', 'dct:conformsTo', 'dcterms:conformsTo').oneOrMany()) {
    const { value } = place.isObject ? place.get('@id') : place;
    const version = typeof value === 'string' ? CONFORMS_TO.exec(value)?.[1] : undefined;
    if (version !== undefined) return version;
  }
  return null;
}

function typesOf(document: JsonPlace): string[] {
  const types = document.get('@type').oneOrMany();
  return types.flatMap(({ value }) => (typeof value === 'string' ? [value] : []));
}
