import type { FactsBuilder } from './facts-builder.ts';
import type { JsonPlace } from './json-place.ts';

/** The elements of an SPDX 3 document by their ids, and its relationships. */
export interface Elements {
  readonly all: readonly JsonPlace[];
  readonly byId: ReadonlyMap<string, JsonPlace>;
  readonly relationships: readonly SpdxRelationship[];
}

export interface SpdxRelationship {
  /** Lowercase, as spellings differ between 3.0 and 3.1: `trainedon`, `descendantof`. */
  readonly type: string;
  readonly from: string;
  readonly to: readonly string[];
}

/** Reads the graph of JSON-LD; each element is looked at once. */
export function readElements(document: JsonPlace): Elements {
  const all = document.get('@graph').entries();
  const byId = new Map<string, JsonPlace>();
  for (const element of all) {
    const id = idOf(element);
    if (id !== null && !byId.has(id)) byId.set(id, element);
  }
  const relationships = all
    .filter((element) => typeOf(element).endsWith('Relationship'))
    .map((element) => ({
      type: lastName(textOf(element.get('relationshipType'))).toLowerCase(),
      from: textOf(element.get('from')),
      to: element.get('to').oneOrMany().map(textOf),
    }));
  return { all, byId, relationships };
}

/** The type without its profile or vocabulary: `AIPackage` for `ai_AIPackage` and `https://spdx.org/…/AI/AIPackage`. */
export function typeOf(element: JsonPlace): string {
  return lastName(textOf(element.either('type', '@type')));
}

export function idOf(element: JsonPlace): string | null {
  return textOf(element.either('spdxId', '@id')) || null;
}

/** A property with or without its profile: `ai_metric`, `metric`. */
export function property(element: JsonPlace, profile: string, name: string): JsonPlace {
  return element.either(`${profile}_${name}`, name);
}

/** Name, address and digests of an element. Hashes may stand inside it or as blank nodes elsewhere. */
export function identityOf(facts: FactsBuilder, element: JsonPlace, { byId }: Elements) {
  const hashes = element.get('verifiedUsing').oneOrMany();
  const uri = ['packageUrl', 'downloadLocation', 'homePage'].map((name) => property(element, 'software', name));
  return {
    name: facts.text(element.get('name')),
    uri: uri.map((place) => facts.text(place)).find((text) => text !== null) ?? null,
    digests: facts.digestList(
      hashes.map((hash) => {
        const found = typeof hash.value === 'string' ? (byId.get(hash.value) ?? hash) : hash;
        return { algorithm: algorithmOf(found), value: found.get('hashValue').value, at: found.at };
      }),
    ),
  };
}

export function textOf({ value }: JsonPlace): string {
  return typeof value === 'string' ? value : '';
}

/** `sha3_256` is SHA-3; only the SHA-2 names agree with those of in-toto as they are. */
function algorithmOf(hash: JsonPlace): string {
  const algorithm = textOf(hash.get('algorithm'));
  return algorithm.slice(algorithm.lastIndexOf('/') + 1);
}

function lastName(name: string): string {
  return name.slice(Math.max(name.lastIndexOf('_'), name.lastIndexOf('/')) + 1);
}
