import type { FactsBuilder } from './facts-builder.ts';
import type { JsonPlace } from './json-place.ts';

export const MODEL_TYPE = 'machine-learning-model';

/** Every component of a CycloneDX document, those inside others too, and which of them have which reference. */
export interface Components {
  /** What the document is about: its metadata's component, else its only model. Null where it is about several. */
  readonly main: JsonPlace | null;
  readonly all: readonly JsonPlace[];
  readonly byRef: ReadonlyMap<string, JsonPlace>;
}

export function findComponents(document: JsonPlace): Components {
  const stated = document.get('metadata').get('component');
  const all = [...(stated.isObject ? [stated] : []), ...document.get('components').entries()];
  for (let i = 0; i < all.length; i++) {
    for (const inner of all[i]?.get('components').entries() ?? []) all.push(inner);
  }
  const byRef = new Map<string, JsonPlace>();
  for (const component of all) {
    const ref = component.get('bom-ref').value;
    if (typeof ref === 'string' && !byRef.has(ref)) byRef.set(ref, component);
  }
  const models = all.filter((component) => typeOf(component) === MODEL_TYPE);
  const only = models.length === 1 ? models[0] : undefined;
  return { main: stated.isObject ? stated : (only ?? null), all, byRef };
}

export function typeOf(component: JsonPlace): string {
  const { value } = component.get('type');
  return typeof value === 'string' ? value : '';
}

/** Name with group and version, address and digests of a component. */
export function identityOf(facts: FactsBuilder, component: JsonPlace) {
  const name = facts.text(component.get('name'));
  const group = facts.text(component.get('group'));
  return {
    name: group === null || name === null ? name : `${group}/${name}`,
    uri: facts.text(component.get('purl')) ?? addressOf(facts, component, ['distribution', 'website']),
    digests: facts.digestList(
      component
        .get('hashes')
        .entries()
        .map((hash) => ({ algorithm: textOf(hash.get('alg')), value: hash.get('content').value, at: hash.at })),
    ),
  };
}

/** The first external reference of one of these types. */
export function addressOf(facts: FactsBuilder, component: JsonPlace, types: readonly string[]): string | null {
  const references = component.get('externalReferences').entries();
  const found = references.find((reference) => types.includes(textOf(reference.get('type'))));
  return found ? facts.text(found.get('url')) : null;
}

function textOf({ value }: JsonPlace): string {
  return typeof value === 'string' ? value : '';
}
