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
import { type CliCommand, EXIT, UsageError } from '../command.ts';
import { hashingProgress } from '../hashing-progress.ts';
import type { CommandInput } from '../input.ts';
import { MODEL_OPTIONS, readModelOptions } from '../model-options.ts';
import { print, printFacts, printJson } from '../output.ts';
import { refuseUnsignable } from '../signable.ts';
import { readSigningMethod, SIGNING_OPTIONS } from '../signing-options.ts';
import { streamTrainingLog } from '../trainlog-read.ts';
import {
  openServer,
  refuseOverwriting,
  SIGNATURE_OPTIONS,
  signatureFacts,
  signatureReport,
  writeSignature,
} from '../write-signature.ts';

/** docs/signing.md describes its parameters. */
const BUILD_TYPE = 'urn:modeltrail:buildtype:training:v1';

export const attest: CliCommand = {
  options: [
    { flags: '--output <file>', description: 'Where to write; FOLDER.provenance.sigstore.json beside it if not said' },
    { flags: '--name <name>', description: "The model's name in the statement; the folder's if not said" },
    { flags: '--print', description: 'Print the statement, and sign nothing' },
    ...FIELD_OPTIONS,
    ...SIGNATURE_OPTIONS,
    ...SIGNING_OPTIONS,
    ...MODEL_OPTIONS,
  ],
  examples: [
    'modeltrail attest ./model --fields provenance.yaml --key release.pem',
    'modeltrail attest ./model --dataset reviews=https://data.example/reviews@sha256:... --no-base --builder https://train.example',
    'modeltrail attest ./model --base-model-path base=./base --dataset-path reviews=./reviews --print',
  ],
  exitCodes: {
    0: 'signed, verified and written; with --server: taken by it as well; with --print: printed',
    1: 'written, but the server refused it',
    2: 'no answer: wrong arguments, a file that cannot be read, or a service that failed; nothing is written unless it is said',
  },
  async run(input) {
    const [path, ...more] = input.positionals();
    if (path === undefined || more.length > 0) throw new UsageError('Name one model: modeltrail attest ./model');
    const isPrint = input.flag('print');
    const output =
      input.text('output') ?? join(dirname(resolve(path)), `${basename(resolve(path))}.provenance.sigstore.json`);
    if (!isPrint) await refuseOverwriting(input, output);
    const merged = await readFields(input);
    const { builder } = merged.fields;
    if (builder === undefined) throw new UsageError('Nothing says what trained the model. Name it: --builder URI.');
    const prepare = isPrint ? null : await readSigningMethod(input);
    const server = await openServer(input);
    try {
      const fields = await completeFields(input, path, output, { ...merged.fields, builder });
      const statement = provenanceStatement(fields);
      if (!prepare) {
        const text = Buffer.from(statement).toString();
        if (process.stdout.isTTY) print(...text.split('\n'));
        // A pipe gets the very bytes.
        else process.stdout.write(`${text}\n`);
        return EXIT.good;
      }
      const written = await writeSignature(input, prepare, { statement, path: output, server });
      const { root } = fields.subject;
      if (input.flag('json')) {
        printJson({ model: path, attestation: output, root, sources: merged.sources, ...signatureReport(written) });
      } else {
        print(`${path}: its provenance is stated and signed`);
        printFacts([['Attestation', output], ['OMS root', `sha256:${root}`], ...signatureFacts(written)]);
        printFacts(
          Object.entries(merged.sources).map(([field, source]) => [field, `from the ${source}`]),
          '  ',
        );
      }
      return written.ingested?.outcome === 'refused' ? EXIT.bad : EXIT.good;
    } finally {
      await server?.close();
    }
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

/** The root that `modeltrail sign` signs with the same options: its usual signature is left out here as well. */
async function hashSubject(input: CommandInput, path: string, output: string): Promise<ProvenanceFields['subject']> {
  const options = readModelOptions(input, path, [join(path, 'model.sig'), output]);
  refuseUnsignable(options);
  const progress = hashingProgress(`Hashing ${path}`);
  const model = await readModelFiles(path, { ...options, ...progress }).finally(() => progress.end());
  if (model.resources.length === 0)
    throw new UsageError(`${path} has no files that are hashed. Is it the right folder?`);
  return { name: input.text('name') ?? model.name, root: rootOf(model.resources) };
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
