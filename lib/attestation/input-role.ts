import type { SubjectDigest } from '#lib/model-signing/statement.ts';
import type { InputRole } from './facts.ts';

/** Names that say what an input was, written with hyphens; a number at the end (`training-dataset-2`) does not matter. */
const ROLES_BY_NAME: Readonly<Record<InputRole, readonly string[]>> = {
  'base-model': [
    'base-model',
    'base',
    'model',
    'parent-model',
    'foundation-model',
    'pretrained-model',
    'teacher-model',
  ],
  adapter: ['adapter', 'lora', 'lora-adapter', 'peft-adapter'],
  component: ['component', 'model-component'],
  'quantised-from': ['quantised-from', 'quantized-from', 'quantisation-source', 'quantization-source'],
  'merged-from': ['merged-from', 'merge-source'],
  dataset: [
    'dataset',
    'data-set',
    'data',
    'training-dataset',
    'training-data',
    'training-set',
    'fine-tuning-dataset',
    'finetuning-dataset',
    'preference-dataset',
    'validation-dataset',
    'validation-data',
    'evaluation-dataset',
    'test-dataset',
  ],
  code: ['code', 'source', 'source-code', 'training-code', 'repository', 'git', 'script', 'config', 'training-config'],
  environment: [
    'environment',
    'training-environment',
    'image',
    'container',
    'container-image',
    'training-image',
    'base-image',
    'runtime',
    'runner',
    'toolchain',
    'driver',
    'framework',
  ],
};
const ROLE_BY_NAME: ReadonlyMap<string, InputRole> = new Map(
  Object.entries(ROLES_BY_NAME).flatMap(([role, names]) => names.map((name) => [name, role as InputRole] as const)),
);

/** Starts of addresses that say what lies there; `model` is a base model, or a component of a composition. */
const ROLES_BY_ADDRESS: readonly (readonly [RegExp, InputRole | 'model'])[] = [
  [
    /^git\+|^git:\/\/|^(?:https?|ssh):\/\/[^?#]{1,2000}\.git(?:[@#?/]|$)|^pkg:(?:github|gitlab|bitbucket|git)\//i,
    'code',
  ],
  [/^hf:(?:\/\/)?datasets\/|^https:\/\/huggingface\.co\/datasets\/|^pkg:huggingface\/datasets\//i, 'dataset'],
  [/^hf:|^https:\/\/huggingface\.co\/|^pkg:(?:huggingface|mlflow)\//i, 'model'],
  [/^(?:oci|docker):|^pkg:(?:docker|oci)\//i, 'environment'],
  [/^pkg:/i, 'environment'],
];
/** Build types that put models together: their inputs are components unless something says otherwise. */
const COMPOSITION = /(?:^|[/#:_-])(?:composition|compose|deployment|deploy|assembly)(?:[/#:@_-]|$)/i;

export interface InputToPlace {
  readonly name: string | null;
  readonly uri: string | null;
  readonly digests: readonly SubjectDigest[];
  /** `role` or `type` of the annotations. */
  readonly annotated: string | null;
}

/**
 * What an input of a build was, from the first of these that says so. SLSA leaves names free, so this is our table.
 *
 * | read | for example | role |
 * |---|---|---|
 * | annotation `role` or `type` | `adapter` | as named |
 * | name | `base-model`, `training_dataset-2` | as named |
 * | address | `git+…`, `pkg:github/` | code |
 * | address | `hf://datasets/`, huggingface.co/datasets/ | data set |
 * | address | `hf://`, `pkg:huggingface/`, `pkg:mlflow/` | base model; in a composition, component |
 * | address | `oci://`, `pkg:docker/`, other `pkg:` | environment |
 * | digest | `gitCommit`, `gitTag`, `gitTree`, or sha1 alone | code |
 * | build type | `…/composition/v1` | component |
 * | nothing of these | | environment |
 */
export function inputRole(input: InputToPlace, buildType: string | null): InputRole {
  const isComposition = buildType !== null && COMPOSITION.test(buildType.slice(0, 2048));
  const named = roleOfName(input.annotated) ?? roleOfName(input.name);
  if (named) return named === 'base-model' && isComposition && isBareModel(input) ? 'component' : named;
  const uri = input.uri?.slice(0, 2048) ?? '';
  const addressed = ROLES_BY_ADDRESS.find(([start]) => start.test(uri))?.[1];
  if (addressed === 'model') return isComposition ? 'component' : 'base-model';
  if (addressed) return addressed;
  if (isGitObject(input.digests)) return 'code';
  return isComposition ? 'component' : 'environment';
}

/** The role that a name states; null for names that state none. */
export function roleOfName(name: string | null): InputRole | null {
  if (name === null || name.length > 64) return null;
  const plain = name
    .toLowerCase()
    .replace(/[\s_]+/g, '-')
    .replace(/[-:#[(]?\d{1,6}[\])]?$/, '');
  return ROLE_BY_NAME.get(plain) ?? null;
}

/** `model` alone says what it is, not what it was for. */
function isBareModel({ name, annotated }: InputToPlace): boolean {
  return (annotated ?? name)?.toLowerCase() === 'model';
}

function isGitObject(digests: readonly SubjectDigest[]): boolean {
  if (digests.some(({ algorithm }) => /^git(?:Commit|Tag|Tree|Blob)$/.test(algorithm))) return true;
  return digests.length > 0 && digests.every(({ algorithm }) => algorithm === 'sha1');
}
