import { readClaims } from './claims.ts';
import { addressOf, type Components, findComponents, identityOf, MODEL_TYPE, typeOf } from './cyclonedx-components.ts';
import type { AttestationFacts, InputRole } from './facts.ts';
import { FactsBuilder, showValue } from './facts-builder.ts';
import type { JsonPlace } from './json-place.ts';
import { optionalList, refusal, requireObject, requireText } from './require.ts';
import { readCommit, repositoryOf } from './source-code.ts';

/** What the rest of a document's components are: part of how the model was made to run. */
const ENVIRONMENT_TYPES: ReadonlySet<string> = new Set([
  'framework',
  'library',
  'platform',
  'operating-system',
  'device',
  'device-driver',
  'container',
]);

/** Whether a document says that it is a CycloneDX bill of materials. */
export function isCycloneDx(document: JsonPlace): boolean {
  return document.get('bomFormat').value === 'CycloneDX';
}

/**
 * Reads a CycloneDX bill of materials (ECMA-424, 1.5 to 1.7) for the model that it is about: its pedigree's ancestors are
 * base models, data sets of its model card and data or models it depends on are inputs.
 *
 * @throws {StatementError} where it is no CycloneDX document, or has too many inputs.
 */
export function readCycloneDx(document: JsonPlace): AttestationFacts {
  requireObject(document);
  if (!isCycloneDx(document)) throw refusal(document.get('bomFormat'), 'is not "CycloneDX"');
  const facts = new FactsBuilder('cyclonedx', requireText(document.get('specVersion')).value);
  optionalList(document.get('components'));
  const components = findComponents(document);
  const { main } = components;
  // Not metadata.timestamp: that is when the document was written, which nobody claims to be the signing.
  readClaims(facts, document);
  if (main) readMain(facts, main, components, document);
  else facts.remark('The document names no component that it is about, so its models are not linked.');
  for (const component of components.all) {
    if (ENVIRONMENT_TYPES.has(typeOf(component)) && component.at !== main?.at) readEnvironment(facts, component);
  }
  return facts.facts;
}

function readMain(facts: FactsBuilder, main: JsonPlace, components: Components, document: JsonPlace): void {
  const { name, digests } = identityOf(facts, main);
  facts.output(name, digests, main.at);
  const linked = new Set<string>([main.at]);
  readPedigree(facts, main, linked);
  const card = main.get('modelCard');
  const parameters = card.get('modelParameters');
  for (const dataset of parameters.get('datasets').entries()) readDataset(facts, dataset, components, linked);
  for (const key of ['approach', 'task', 'architectureFamily', 'modelArchitecture']) {
    if (parameters.get(key).exists) facts.flatten('parameters', parameters.get(key), key);
  }
  readMetrics(facts, card.get('quantitativeAnalysis').get('performanceMetrics'));
  readDependencies(facts, main, components, document, linked);
  const repository = addressOf(facts, main, ['vcs']);
  if (repository) facts.facts.repository ??= { value: repositoryOf(repository), at: `${main.at}.externalReferences` };
}

/** Ancestors are what the model was made from; commits, the code that it was made with. */
function readPedigree(facts: FactsBuilder, main: JsonPlace, linked: Set<string>): void {
  const pedigree = main.get('pedigree');
  for (const ancestor of pedigree.get('ancestors').entries()) {
    const role: InputRole = typeOf(ancestor) === 'data' ? 'dataset' : 'base-model';
    facts.input(role, identityOf(facts, ancestor), ancestor.at);
    linked.add(ancestor.at);
  }
  const [commit] = pedigree.get('commits').entries();
  if (!commit) return;
  facts.facts.commit = readCommit(facts, commit.get('uid'));
  const uri = facts.text(commit.get('url'));
  const digests = facts.facts.commit ? [{ algorithm: 'gitCommit', digest: facts.facts.commit.value }] : [];
  facts.input('code', { uri, digests }, commit.at);
}

/** Inline data carries no digest; a reference leads to a component of type `data`, which may. */
function readDataset(facts: FactsBuilder, dataset: JsonPlace, components: Components, linked: Set<string>): void {
  const { value: ref } = dataset.get('ref');
  const component = typeof ref === 'string' ? components.byRef.get(ref) : undefined;
  if (component) {
    linked.add(component.at);
    facts.input('dataset', identityOf(facts, component), component.at);
    return;
  }
  const name = facts.text(dataset.get('name')) ?? (typeof ref === 'string' && ref.length <= 4096 ? ref : null);
  facts.input('dataset', { name, uri: facts.text(dataset.get('contents').get('url')) }, dataset.at);
}

function readDependencies(
  facts: FactsBuilder,
  main: JsonPlace,
  { byRef }: Components,
  document: JsonPlace,
  linked: Set<string>,
): void {
  const { value: mainRef } = main.get('bom-ref');
  if (typeof mainRef !== 'string') return;
  const own = document
    .get('dependencies')
    .entries()
    .find((entry) => entry.get('ref').value === mainRef);
  for (const { value: ref } of own?.get('dependsOn').entries() ?? []) {
    const component = typeof ref === 'string' ? byRef.get(ref) : undefined;
    if (!component || linked.has(component.at)) continue;
    linked.add(component.at);
    if (typeOf(component) === 'data') facts.input('dataset', identityOf(facts, component), component.at);
    else if (typeOf(component) === MODEL_TYPE) facts.input('component', identityOf(facts, component), component.at);
  }
}

function readMetrics(facts: FactsBuilder, metrics: JsonPlace): void {
  for (const metric of metrics.entries()) {
    const name = facts.text(metric.get('type')) ?? 'metric';
    facts.evaluation(name, showValue(metric.get('value').value ?? null), facts.text(metric.get('slice')), metric.at);
  }
}

function readEnvironment(facts: FactsBuilder, component: JsonPlace): void {
  const { name, uri, digests } = identityOf(facts, component);
  const [pin] = digests;
  const version = facts.text(component.get('version'));
  const value = [version ?? uri ?? 'no version', pin ? `${pin.algorithm}:${pin.digest}` : ''].filter(Boolean).join(' ');
  facts.row('environment', name ?? typeOf(component), value, component.at);
}
