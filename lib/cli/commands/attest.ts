import { open } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import {
  type ProvenanceFields,
  provenanceStatement,
  type TrainingInput,
} from '#lib/attestation/provenance-statement.ts';
import { readModelFiles } from '#lib/model-files/manifest.ts';
import { rootOf } from '#lib/model-signing/roots.ts';
import { sealOf, type TrainingLogSeal } from '#lib/training-log/seal.ts';
import { type AskedInput, type MergedFields, mergeFields } from '../attest-fields.ts';
import { readFieldsFile } from '../attest-fields-file.ts';
import { FIELD_OPTIONS, readFieldFlags } from '../attest-fields-flags.ts';
import { ciFields } from '../ci-environment.ts';
import { type CliCommand, UsageError } from '../command.ts';
import { hashingProgress } from '../hashing-progress.ts';
import type { CommandInput } from '../input.ts';
import { hashSubject, issueStatement, STATEMENT_EXIT_CODES, STATEMENT_OPTIONS } from '../issue-statement.ts';
import { streamTrainingLog } from '../trainlog-read.ts';

/** docs/signing.md describes its parameters. */
const BUILD_TYPE = 'urn:modeltrail:buildtype:training:v1';

export const attest: CliCommand = {
  options: [
    { flags: '--output <file>', description: 'Where to write; FOLDER.provenance.sigstore.json beside it if not said' },
    ...FIELD_OPTIONS,
    ...STATEMENT_OPTIONS,
  ],
  examples: [
    'modeltrail attest ./model --fields provenance.yaml --key release.pem',
    'modeltrail attest ./model --dataset reviews=https://data.example/reviews@sha256:... --no-base --builder https://train.example',
    'modeltrail attest ./model --base-model-path base=./base --dataset-path reviews=./reviews --print',
  ],
  exitCodes: STATEMENT_EXIT_CODES,
  async run(input) {
    const [path, ...more] = input.positionals();
    if (path === undefined || more.length > 0) throw new UsageError('Name one model: modeltrail attest ./model');
    const output =
      input.text('output') ?? join(dirname(resolve(path)), `${basename(resolve(path))}.provenance.sigstore.json`);
    const merged = await readFields(input);
    const { builder } = merged.fields;
    if (builder === undefined) throw new UsageError('Nothing says what trained the model. Name it: --builder URI.');
    const { sources } = merged;
    return issueStatement(input, {
      path: output,
      state: async () => {
        const fields = await completeFields(input, path, output, { ...merged.fields, builder });
        return { statement: provenanceStatement(fields), subject: fields.subject };
      },
      words: {
        kind: 'Attestation',
        done: () => `${path}: its provenance is stated and signed`,
        report: { model: path, sources },
        lines: Object.entries(sources).map(([field, source]) => [field, `from the ${source}`]),
      },
    });
  },
};

async function readFields(input: CommandInput): Promise<MergedFields> {
  const file = input.text('fields');
  return mergeFields([
    ['flag', readFieldFlags(input)],
    ['file', file === undefined ? {} : await readFieldsFile(file)],
    ['environment', ciFields(process.env)],
  ]);
}

async function completeFields(
  input: CommandInput,
  path: string,
  output: string,
  fields: MergedFields['fields'] & { readonly builder: string },
): Promise<ProvenanceFields> {
  const inputs: TrainingInput[] = [];
  for (const asked of fields.inputs ?? []) inputs.push(await hashInput(asked));
  const trainingLog = fields.trainingLog === undefined ? null : await readSeal(fields.trainingLog);
  const subject = await hashSubject(input, path, output);
  const { repository = null, ref = null, commit = null, entryPoint = null, image = null, pipelineId = null } = fields;
  const { startedAt = null, finishedAt = null, environment = {}, parameters = {}, evaluations = [] } = fields;
  return {
    subject,
    repository,
    ref,
    commit,
    entryPoint,
    inputs,
    statesNoBase: fields.statesNoBase ?? false,
    environment,
    image,
    pipelineId,
    builder: fields.builder,
    buildType: fields.buildType ?? BUILD_TYPE,
    parameters,
    evaluations,
    startedAt,
    finishedAt,
    trainingLog,
  };
}

async function hashInput({ role, name, uri, sha256, path }: AskedInput): Promise<TrainingInput> {
  if (path === null) return { role, name, uri, sha256 };
  const progress = hashingProgress(`Hashing ${path}`);
  const { resources } = await readModelFiles(path, progress).finally(() => progress.end());
  if (resources.length === 0) throw new UsageError(`${path} has no files that are hashed. Is it the right folder?`);
  return { role, name, uri, sha256: rootOf(resources) };
}

async function readSeal(path: string): Promise<TrainingLogSeal> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path, 'r');
  } catch (error) {
    throw new UsageError(`The training log cannot be read: ${(error as Error).message}.`);
  }
  try {
    const { tree, torn, sha256 } = await streamTrainingLog(file);
    if (torn > 0) throw new UsageError(`The training log ${path} ends in the middle of a line.`);
    return sealOf({ seal: tree.seal, sha256 });
  } catch (error) {
    if ((error as Error).name !== 'TrainingLogError') throw error;
    throw new UsageError(`The training log ${path} cannot be used. ${(error as Error).message}`);
  } finally {
    await file.close();
  }
}
