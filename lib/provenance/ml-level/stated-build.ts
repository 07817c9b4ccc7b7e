import type { AttestationFacts, LabelledValue } from '#lib/attestation/facts.ts';

/** Where each format keeps what was given from outside to the build. */
const EXTERNAL = [
  'predicate.buildDefinition.externalParameters',
  'predicate.invocation.parameters',
  'predicate.recipe.arguments',
] as const;
/** Readers keep so many rows and say in a remark that there are more. */
const FULL = 1000;
const BYPRODUCT = 'byproduct ';
/** Objects of SLSA provenance v1 that may carry fields of extensions. */
const EXTENDED = [
  'predicate',
  'predicate.buildDefinition',
  'predicate.runDetails',
  'predicate.runDetails.builder',
  'predicate.runDetails.metadata',
] as const;
const EXTENSION = /^[A-Za-z0-9.-]{1,64}_(\w{1,128})$/;

/** Names of the external parameters at the top; null where there are more than were read. */
export function externalParameters({ parameters }: AttestationFacts): ReadonlySet<string> | null {
  if (parameters.length >= FULL) return null;
  return new Set(parameters.flatMap(({ at }) => topKey(at) ?? []));
}

/** Values of one external parameter and all that is inside it. */
export function externalValues({ parameters }: AttestationFacts, keys: readonly string[]): readonly LabelledValue[] {
  return parameters.filter(({ at }) => keys.includes(topKey(at) ?? ''));
}

/** What a run left behind, each with its digest as `sha256:…`; null where it gives none. */
export function byproducts({ parameters }: AttestationFacts): readonly { name: string; digest: string | null }[] {
  return parameters
    .filter(({ label, at }) => label.startsWith(BYPRODUCT) && at.startsWith('predicate.runDetails.byproducts['))
    .map(({ label, value }) => ({
      name: label.slice(BYPRODUCT.length),
      digest: value.includes(':') ? value : null,
    }));
}

/**
 * What the builder itself asserts in a field of an extension (SLSA: `<vendor>_name`): every value of that name, by whatever
 * vendor. What a build's own parameters or environment say under such a name is not among them.
 */
export function asserted(facts: AttestationFacts, name: string): readonly string[] {
  // Where rows were cut off, one that says otherwise may be among them.
  if (!facts.format.startsWith('v1') || facts.environment.length >= FULL) return [];
  return facts.environment.flatMap(({ label, value, at }) =>
    EXTENSION.exec(label)?.[1] === name && isExtensionPlace(at) ? [value] : [],
  );
}

/** `predicate.buildDefinition.externalParameters.hyperparameters.lr` is under `hyperparameters`; a key in brackets is quoted. */
function topKey(at: string): string | null {
  const prefix = EXTERNAL.find((start) => at.startsWith(start));
  if (prefix === undefined) return null;
  const rest = at.slice(prefix.length);
  const plain = /^\.([\w@:$-]{1,64})(?![\w@:$-])/.exec(rest)?.[1];
  return plain ?? (rest.startsWith('[') ? rest : null);
}

function isExtensionPlace(at: string): boolean {
  return EXTENDED.some((place) => {
    const rest = at.startsWith(place) ? at.slice(place.length) : '';
    return /^(?:\.[\w@:$-]{1,64}|\["[^"\\]{1,60}"\])$/.test(rest);
  });
}
