import type { EvaluationResult } from '#lib/attestation/evaluation-byproduct.ts';
import type { TrainingInputRole } from '#lib/attestation/provenance-statement.ts';
import type { AskedFields, AskedInput } from './attest-fields.ts';
import { readInputText } from './attest-input.ts';
import { type CliCommand, UsageError } from './command.ts';
import type { CommandInput } from './input.ts';

const INPUT_FLAGS: readonly (readonly [flag: string, role: TrainingInputRole])[] = [
  ['dataset', 'dataset'],
  ['base-model', 'base-model'],
  ['adapter', 'adapter'],
  ['quantised-from', 'quantised-from'],
  ['merged-from', 'merged-from'],
];
const PATH_FLAGS: readonly (readonly [flag: string, role: TrainingInputRole])[] = [
  ['dataset-path', 'dataset'],
  ['base-model-path', 'base-model'],
];

export const FIELD_OPTIONS: CliCommand['options'] = [
  {
    flags: '--fields <file>',
    description: 'YAML file with the fields; flags win over it, and it over the CI environment',
  },
  { flags: '--repository <url>', description: 'Repository of the training code' },
  { flags: '--ref <ref>', description: 'Branch or tag in it' },
  { flags: '--commit <hex>', description: 'Git commit of the training code' },
  { flags: '--entry-point <path>', description: 'Workflow or script in the repository' },
  { flags: '--dataset <input>', description: 'Data set, as NAME=URI@sha256:HEX; may be given more than once' },
  { flags: '--dataset-path <input>', description: 'The same as NAME=FOLDER on this disk, which is hashed' },
  { flags: '--base-model <input>', description: 'Base model, as NAME=URI@sha256:HEX; may be given more than once' },
  { flags: '--base-model-path <input>', description: 'The same as NAME=FOLDER on this disk, which is hashed' },
  { flags: '--no-base', description: 'State that the model has no base' },
  { flags: '--adapter <input>', description: 'Adapter that went in, as NAME=URI@sha256:HEX' },
  { flags: '--quantised-from <input>', description: 'Model that this is a quantisation of' },
  { flags: '--merged-from <input>', description: 'Model that was merged into this; may be given more than once' },
  { flags: '--environment <row>', description: 'KEY=VALUE of the environment: frameworks, GPU, driver' },
  { flags: '--image <input>', description: 'Container image, as URI@sha256:HEX' },
  { flags: '--pipeline-id <id>', description: 'Address or id of the run' },
  { flags: '--builder <uri>', description: 'What trained it' },
  { flags: '--build-type <uri>', description: 'Kind of build; that of this command if not said' },
  { flags: '--parameter <row>', description: 'KEY=VALUE of a hyperparameter' },
  { flags: '--evaluation <result>', description: 'NAME=VALUE@DATASET of a result; @DATASET may be left out' },
  { flags: '--started-at <time>', description: 'When training began, in RFC 3339' },
  { flags: '--finished-at <time>', description: 'When it ended' },
  { flags: '--training-log <file>', description: 'Sealed training log of the run (modeltrail trainlog)' },
];

/** The fields that flags state. @throws {UsageError} naming the flag and the form that it must have. */
export function readFieldFlags(input: CommandInput): AskedFields {
  const text = (name: string) => input.text(name);
  const inputs = [
    ...INPUT_FLAGS.flatMap(([flag, role]) => input.texts(flag).map((value) => askedInput(flag, role, value))),
    ...PATH_FLAGS.flatMap(([flag, role]) => input.texts(flag).map((value) => pathInput(flag, role, value))),
  ];
  const environment = rows(input, 'environment');
  const parameters = rows(input, 'parameter');
  const evaluations = input.texts('evaluation').map(readEvaluation);
  const image = text('image');
  return dropUndefined({
    repository: text('repository'),
    ref: text('ref'),
    commit: text('commit')?.toLowerCase(),
    entryPoint: text('entry-point'),
    inputs: inputs.length > 0 ? inputs : undefined,
    // cac takes --no-base for the absence of a flag `base` that is set where nothing is said.
    statesNoBase: input.flag('base') ? undefined : true,
    environment: Object.keys(environment).length > 0 ? environment : undefined,
    image: image === undefined ? undefined : readImage(image),
    pipelineId: text('pipeline-id'),
    builder: text('builder'),
    buildType: text('build-type'),
    parameters: Object.keys(parameters).length > 0 ? parameters : undefined,
    evaluations: evaluations.length > 0 ? evaluations : undefined,
    startedAt: readTime(input, 'started-at'),
    finishedAt: readTime(input, 'finished-at'),
    trainingLog: text('training-log'),
  });
}

function askedInput(flag: string, role: TrainingInputRole, value: string): AskedInput {
  const read = readInputText(value);
  if (read) return { role, path: null, ...read };
  throw new UsageError(
    `--${flag} ${value} is not of the form NAME=URI@sha256:HEX. NAME=, URI or @sha256:HEX may be left out.`,
  );
}

function pathInput(flag: string, role: TrainingInputRole, value: string): AskedInput {
  const [, name, path] = /^([^=]+)=(.+)$/s.exec(value) ?? [];
  if (name === undefined || path === undefined)
    throw new UsageError(`--${flag} ${value} is not of the form NAME=FOLDER.`);
  return { role, name, uri: null, sha256: null, path };
}

function readImage(value: string): { uri: string; sha256: string } {
  const read = readInputText(value);
  if (read?.uri && read.sha256 && read.name === null) return { uri: read.uri, sha256: read.sha256 };
  throw new UsageError(`--image ${value} is not of the form URI@sha256:HEX.`);
}

function rows(input: CommandInput, flag: string): Record<string, string> {
  const found = new Map<string, string>();
  for (const row of input.texts(flag)) {
    const at = row.indexOf('=');
    const key = row.slice(0, at);
    if (at < 1) throw new UsageError(`--${flag} ${row} is not of the form KEY=VALUE.`);
    if (found.has(key)) throw new UsageError(`--${flag} gives ${key} twice. Leave one out.`);
    found.set(key, row.slice(at + 1));
  }
  return Object.fromEntries(found);
}

function readEvaluation(text: string): EvaluationResult {
  const at = text.indexOf('=');
  const value = text.slice(at + 1);
  const on = value.indexOf('@');
  const result = {
    name: text.slice(0, at),
    value: on < 0 ? value : value.slice(0, on),
    on: on < 0 ? null : value.slice(on + 1),
  };
  if (at > 0 && result.value !== '' && result.on !== '') return result;
  throw new UsageError(`--evaluation ${text} is not of the form NAME=VALUE or NAME=VALUE@DATASET.`);
}

function readTime(input: CommandInput, flag: string): number | undefined {
  const text = input.text(flag);
  if (text === undefined) return undefined;
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  if (Number.isFinite(time)) return time;
  throw new UsageError(`--${flag} ${text} is no time of RFC 3339, such as 2026-06-01T12:00:00Z.`);
}

function dropUndefined(fields: { readonly [Key in keyof AskedFields]: AskedFields[Key] | undefined }): AskedFields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
