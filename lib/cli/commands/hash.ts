import { readModelFiles } from '#lib/model-files/manifest.ts';
import { type CliCommand, EXIT, type ExitCode, UsageError } from '../command.ts';
import { type AskedOutput, describeHashed, HASH_FORMATS, type HashedModel, renderHashes } from '../hash-output.ts';
import { type HashTiming, hashReport, rootFacts, summaryLines } from '../hash-summary.ts';
import { hashingProgress } from '../hashing-progress.ts';
import type { CommandInput } from '../input.ts';
import { MODEL_OPTIONS, readModelOptions } from '../model-options.ts';
import { print, printError, printFacts, printJson } from '../output.ts';
import { writeFileWhole } from '../write-file.ts';

export const hash: CliCommand = {
  options: [
    {
      flags: '--format <name>',
      description:
        'checksums: lines of sha256sum, b2sum or b3sum (if not said); json: the list that a server verifies; oms: the statement that a signer signs',
    },
    { flags: '--tag', description: 'Write checksums in the BSD form' },
    { flags: '--root', description: 'Print the OMS root and the manifest id only' },
    { flags: '--output <file>', description: 'Write the list to this file, whole or not at all' },
    {
      flags: '--check <list>',
      description:
        'Hold the model against a list of hashes: checksums, JSON of this command or of a model hub, or a model signature, whose signer is not looked at',
    },
    { flags: '--json', description: 'Print one JSON object that says everything' },
    ...MODEL_OPTIONS,
  ],
  examples: [
    'modeltrail hash ./model > SHA256SUMS',
    'modeltrail hash ./model --format json --output model.hashes.json',
    'modeltrail hash ./model --root --hash-type blake3',
    'modeltrail hash --check SHA256SUMS ./model',
  ],
  exitCodes: {
    0: 'hashed; with --check: every listed file is there as listed, and no other',
    1: 'with --check only: a file differs, is missing, or is not listed',
    2: 'no answer: wrong arguments, or a file that cannot be read',
  },
  async run(input) {
    const paths = input.positionals();
    if (paths.length === 0) throw new UsageError('Name the model to hash: modeltrail hash ./model');
    const list = input.text('check');
    if (list === undefined) return await hashAll(input, paths);
    const { checkHashes } = await import('../hash-check.ts');
    return await checkHashes(input, list, paths);
  },
};

async function hashAll(input: CommandInput, paths: readonly string[]): Promise<ExitCode> {
  const asked = readOutput(input, paths);
  const output = input.text('output');
  const timed: { model: HashedModel; timing: HashTiming }[] = [];
  for (const path of paths) timed.push(await hashOne(input, path, output));
  const models = timed.map(({ model }) => model);
  if (input.flag('json')) {
    if (output !== undefined) await writeFileWhole(output, renderHashes(models, asked), 'list');
    printJson({ models: timed.map(({ model, timing }) => hashReport(model, timing)) });
    return EXIT.good;
  }
  if (input.flag('root')) {
    for (const model of models) {
      if (models.length > 1) print(`${model.path}:`);
      printFacts(rootFacts(model));
    }
    return EXIT.good;
  }
  const text = renderHashes(models, asked);
  if (output !== undefined) await writeFileWhole(output, text, 'list');
  else if (process.stdout.isTTY) for (const line of text.slice(0, -1).split('\n')) print(line);
  // A pipe gets the very bytes: an escaped name would be that of another file.
  else process.stdout.write(text);
  for (const { model, timing } of timed) for (const line of summaryLines(model, timing)) printError(line);
  return EXIT.good;
}

async function hashOne(input: CommandInput, path: string, output: string | undefined) {
  const asked = readModelOptions(input, path, output === undefined ? [] : [output]);
  const progress = hashingProgress(`Hashing ${path}`);
  const timing = { hashedBytes: 0, milliseconds: 0 };
  const started = performance.now();
  try {
    const files = await readModelFiles(path, {
      ...asked,
      onStart(total) {
        timing.hashedBytes = total.bytes;
        progress.onStart(total);
      },
      onProgress: progress.onProgress,
    });
    timing.milliseconds = performance.now() - started;
    if (files.files.size === 0) throw new UsageError(`${path} has no file to hash. Is it the right folder?`);
    return { model: describeHashed(path, asked, files), timing };
  } finally {
    progress.end();
  }
}

function readOutput(input: CommandInput, paths: readonly string[]): AskedOutput {
  const name = input.text('format') ?? 'checksums';
  const format = HASH_FORMATS.find((known) => known === name);
  if (!format) throw new UsageError(`There is no format ${name}. Choose ${HASH_FORMATS.join(', ')}.`);
  const isTagged = input.flag('tag');
  const isReport = input.flag('root') || (input.flag('json') && input.text('output') === undefined);
  if (
    input.flag('root') &&
    (input.flag('json') || input.text('format') !== undefined || input.text('output') !== undefined)
  ) {
    throw new UsageError('--root prints the root alone. Leave out --json, --format and --output, or leave out --root.');
  }
  if (format === 'checksums' && !isReport && input.text('shard-size') !== undefined) {
    throw new UsageError('Lines of checksums cannot say shards. Choose --format json or oms, or --root.');
  }
  if (format !== 'checksums' && isTagged) throw new UsageError(`--tag is a form of checksums, not of ${format}.`);
  if (format !== 'checksums' && paths.length > 1) {
    throw new UsageError(`The format ${format} is of one model. Name one folder or file.`);
  }
  return { format, isTagged };
}
