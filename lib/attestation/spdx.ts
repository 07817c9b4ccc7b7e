import { readClaims } from './claims.ts';
import type { AttestationFacts, InputRole } from './facts.ts';
import { FactsBuilder, showValue } from './facts-builder.ts';
import { JsonPlace } from './json-place.ts';
import { optionalList, requireObject } from './require.ts';
import { readCommit, repositoryOf } from './source-code.ts';
import {
  type Elements,
  identityOf,
  idOf,
  property,
  readElements,
  type SpdxRelationship,
  textOf,
  typeOf,
} from './spdx-elements.ts';

const CONTEXT = /^https:\/\/spdx\.org\/rdf\/(3\.\d{1,3}(?:\.\d{1,3})?)\//;
const NOTHING = new JsonPlace(undefined, '');
const CONTAINERS: ReadonlySet<string> = new Set(['SpdxDocument', 'Bom', 'Sbom', 'Bundle']);
/** Relationships from what was made to what it was made from, and the role of it where its type does not say. */
const INPUTS: ReadonlyMap<string, InputRole> = new Map([
  ['trainedon', 'dataset'],
  ['finetunedon', 'dataset'],
  ['pretrainedon', 'dataset'],
  ['descendantof', 'base-model'],
  ['hasinput', 'component'],
  ['contains', 'component'],
  ['dependson', 'environment'],
]);

/** Whether a document says that it is SPDX 3. */
export function isSpdx3(document: JsonPlace): boolean {
  return versionOf(document) !== null && document.get('@graph').isList;
}

/**
 * Reads an SPDX 3 document with the AI, Dataset and Build profiles for the model, or the data set, that it is about.
 *
 * @throws {StatementError} without a graph of elements, or with too many inputs.
 */
export function readSpdx(document: JsonPlace): AttestationFacts {
  requireObject(document);
  const facts = new FactsBuilder('spdx', versionOf(document) ?? '3');
  for (const element of optionalList(document.get('@graph'))) requireObject(element);
  const elements = readElements(document);
  const main = findMain(elements);
  readClaims(facts, document);
  if (!main) {
    facts.remark('The document names no AI package or data set that it is about, so nothing is linked.');
    return facts.facts;
  }
  const { name, digests } = identityOf(facts, main, elements);
  facts.output(name, digests, main.at);
  readInputs(facts, main, elements);
  readPackage(facts, main, testedOn(main, elements));
  return facts.facts;
}

/** What the document's root leads to, else its only AI package, else its only data set. */
function findMain({ all, byId }: Elements): JsonPlace | null {
  const roots = all
    .filter((element) => CONTAINERS.has(typeOf(element)))
    .flatMap((e) => e.get('rootElement').oneOrMany());
  const rooted = roots.flatMap((root) => byId.get(textOf(root)) ?? []);
  for (const type of ['AIPackage', 'DatasetPackage']) {
    const found = rooted.find((element) => typeOf(element) === type);
    if (found) return found;
    const [only, ...others] = all.filter((element) => typeOf(element) === type);
    if (only && others.length === 0) return only;
  }
  return null;
}

function readInputs(facts: FactsBuilder, main: JsonPlace, elements: Elements): void {
  const id = idOf(main);
  const builds = new Set(
    elements.relationships
      .filter(({ type, to }) => type === 'hasoutput' && id !== null && to.includes(id))
      .map(({ from }) => from),
  );
  const seen = new Set<string>();
  const add = (relation: string, inputId: string) => {
    if (inputId === '' || inputId === id || seen.has(inputId)) return;
    seen.add(inputId);
    addInput(facts, relation, inputId, elements);
  };
  for (const { type, from, to } of elements.relationships) {
    const isOwn = from === id || (type === 'hasinput' && builds.has(from));
    if (isOwn && INPUTS.has(type)) {
      for (const inputId of to) if (type !== 'contains' || isPackage(elements.byId.get(inputId))) add(type, inputId);
    }
    if (type === 'ancestorof' && id !== null && to.includes(id)) add('descendantof', from);
  }
  for (const build of builds) {
    const element = elements.byId.get(build);
    if (element) readBuild(facts, element);
  }
}

/** What a model contains besides models and data sets are its own files. */
function isPackage(element: JsonPlace | undefined): boolean {
  return element !== undefined && ['AIPackage', 'DatasetPackage'].includes(typeOf(element));
}

function addInput(facts: FactsBuilder, relation: string, id: string, elements: Elements): void {
  const element = elements.byId.get(id);
  const stated = INPUTS.get(relation) ?? 'component';
  // An id that nothing describes here names something in another document.
  if (!element) {
    facts.input(stated, { uri: id.slice(0, 4096) }, '@graph');
    return;
  }
  const type = typeOf(element);
  const role =
    type === 'DatasetPackage' ? 'dataset' : type === 'AIPackage' && relation !== 'contains' ? 'base-model' : stated;
  const identity = identityOf(facts, element, elements);
  if (role === 'environment') {
    const pin = identity.digests[0] ? `${identity.digests[0].algorithm}:${identity.digests[0].digest}` : '';
    const version = textOf(property(element, 'software', 'packageVersion'));
    facts.row(
      'environment',
      identity.name ?? 'package',
      [version, pin].filter(Boolean).join(' ') || 'no version',
      element.at,
    );
  } else facts.input(role, { ...identity, uri: identity.uri ?? id.slice(0, 4096) }, element.at);
}

/** The Build profile: what ran, from where, with what. */
function readBuild(facts: FactsBuilder, build: JsonPlace): void {
  const get = (name: string) => property(build, 'build', name);
  const { facts: found } = facts;
  found.buildType ??= facts.stated(get('buildType'));
  found.invocation ??= facts.stated(get('buildId'));
  found.startedAt ??= facts.time(get('buildStartTime'));
  found.finishedAt ??= facts.time(get('buildEndTime'));
  const [source] = get('configSourceUri').oneOrMany();
  const uri = source ? facts.stated(source) : null;
  if (uri) found.repository ??= { ...uri, value: repositoryOf(uri.value) };
  found.entryPoint ??= facts.stated(get('configSourceEntrypoint').oneOrMany()[0] ?? get('configSourceEntrypoint'));
  const [digest] = get('configSourceDigest').oneOrMany();
  if (digest && /^(?:gitoid|sha1|gitcommit)$/i.test(textOf(digest.get('algorithm')))) {
    found.commit ??= readCommit(facts, digest.get('hashValue'));
  }
  readEntries(facts, 'parameters', get('parameter'));
  readEntries(facts, 'environment', get('environment'));
}

function readPackage(facts: FactsBuilder, main: JsonPlace, on: string | null): void {
  readEntries(facts, 'parameters', property(main, 'ai', 'hyperparameter'));
  for (const name of ['informationAboutTraining', 'typeOfModel']) {
    const place = property(main, 'ai', name);
    if (place.exists) facts.flatten('parameters', place, name);
  }
  for (const metric of property(main, 'ai', 'metric').oneOrMany()) {
    const name = facts.text(metric.get('key')) ?? 'metric';
    facts.evaluation(name, showValue(metric.get('value').value ?? null), on, metric.at);
  }
}

/** Names of the data sets that the model was tested on: what its metrics were measured with, not what made it. */
function testedOn(main: JsonPlace, { relationships, byId }: Elements): string | null {
  const id = idOf(main);
  const isTest = ({ type, from }: SpdxRelationship) => type === 'testedon' && from === id;
  const ids = relationships
    .filter(isTest)
    .flatMap(({ to }) => to.slice(0, 10))
    .slice(0, 10);
  const shown = ids.map((testId) => textOf(byId.get(testId)?.get('name') ?? NOTHING) || testId);
  return shown.length === 0 ? null : shown.join(', ');
}

/** `DictionaryEntry` elements: a key and its value. */
function readEntries(facts: FactsBuilder, rows: 'parameters' | 'environment', list: JsonPlace): void {
  for (const entry of list.oneOrMany()) {
    const label = facts.text(entry.get('key')) ?? 'value';
    facts.flatten(rows, entry.get('value'), label);
  }
}

function versionOf(document: JsonPlace): string | null {
  for (const { value } of document.get('@context').oneOrMany()) {
    const version = typeof value === 'string' ? CONTEXT.exec(value)?.[1] : undefined;
    if (version !== undefined) return version;
  }
  return null;
}
