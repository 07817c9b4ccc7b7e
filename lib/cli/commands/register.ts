import { z } from 'zod';
import type { HashList } from '#lib/hash-list/hash-list.ts';
import { writeModeltrailManifest } from '#lib/hash-list/modeltrail-manifest.ts';
import { formatPlural, formatUtc } from '#lib/provenance/format.ts';
import { standardsInForce } from '#lib/services/config/standards.ts';
import { registerVersion } from '#lib/services/registration/register.ts';
import { RegistrationError } from '#lib/services/registration/registration-error.ts';
import { type CliCommand, EXIT, UsageError } from '../command.ts';
import { databasePath, openExisting, quietContext } from '../database.ts';
import { hashToList, readListFile } from '../given-list.ts';
import type { CommandInput } from '../input.ts';
import { MODEL_OPTIONS } from '../model-options.ts';
import { print, printFacts, printJson } from '../output.ts';
import { ModeltrailServer } from '../server.ts';

const registeredSchema = z.object({
  outcome: z.enum(['registered', 'known']),
  model: z.object({ id: z.string(), name: z.string(), slug: z.string() }),
  versionId: z.string(),
  label: z.string(),
  root: z.string(),
  fileCount: z.number(),
  registeredAt: z.number(),
  source: z.string(),
});

type Registered = z.infer<typeof registeredSchema>;
type Outcome = Registered | { readonly outcome: 'refused'; readonly code: string; readonly reason: string };

interface Version {
  readonly model: string;
  readonly label: string;
  readonly list: HashList;
}

export const register: CliCommand = {
  options: [
    { flags: '--model <name>', description: 'The model, by slug or exact name; a new name makes it' },
    { flags: '--label <label>', description: 'What the version is called; it stands for these files for good' },
    { flags: '--list <file>', description: 'Instead of a model: a list of its hashes' },
    { flags: '--server <url>', description: 'A Modeltrail elsewhere, over its API; with --token-file' },
    { flags: '--token-file <file>', description: 'File whose first line is a token of the scope ingest' },
    { flags: '--config <file>', description: 'Configuration that names the database' },
    { flags: '--database <file>', description: 'The database itself; then no configuration is read' },
    { flags: '--json', description: 'Print one JSON object' },
    ...MODEL_OPTIONS,
  ],
  examples: [
    'modeltrail register ./model --model granite --label 1.2.0 --server https://modeltrail.models.example --token-file token',
    'modeltrail register --list SHA256SUMS --model granite --label 1.2.0 --database modeltrail.db',
  ],
  exitCodes: {
    0: 'registered, or registered before with the same files',
    1: 'refused: the label stands for other files, or the files or names cannot be registered',
    2: 'no answer: wrong arguments, a file that cannot be read, no database or server',
  },
  async run(input) {
    const [path, ...more] = input.positionals();
    const [listFile, model, label] = [input.text('list'), input.text('model'), input.text('label')];
    if (more.length > 0 || (path === undefined) === (listFile === undefined)) {
      throw new UsageError('Name one model, modeltrail register ./model, or a list of hashes with --list.');
    }
    if (model === undefined || label === undefined) throw new UsageError('Name the version: --model and --label.');
    const server = await openServer(input);
    try {
      const list = listFile === undefined ? await hashToList(input, path ?? '') : await readListFile(input, listFile);
      const version = { model, label, list };
      const outcome = server ? await askServer(server, version) : await askDatabase(input, version);
      if (input.flag('json')) printJson(outcome);
      else report(outcome);
      return outcome.outcome === 'refused' ? EXIT.bad : EXIT.good;
    } finally {
      await server?.close();
    }
  },
};

async function openServer(input: CommandInput): Promise<ModeltrailServer | null> {
  const [server, tokenFile] = [input.text('server'), input.text('token-file')];
  if (server === undefined && tokenFile === undefined) return null;
  if (server === undefined || tokenFile === undefined) {
    throw new UsageError('A server registers with a token only. Give both --server and --token-file.');
  }
  if (input.text('database') !== undefined) {
    throw new UsageError('--server and --database are two places to register in. Leave one out.');
  }
  return ModeltrailServer.open(server, tokenFile);
}

async function askServer(server: ModeltrailServer, { model, label, list }: Version): Promise<Outcome> {
  const path = `/models/${encodeURIComponent(model)}/versions?${new URLSearchParams({ label })}`;
  const answer = await server.post(path, {
    schema: registeredSchema,
    body: writeModeltrailManifest(list),
    type: 'application/json',
    explained: [409, 422],
  });
  if (answer.isGood) return answer.value;
  const { code, detail } = answer.problem;
  // Another request under way is no verdict on the files.
  if (code !== 'label-taken' && code !== 'registration-refused') throw new UsageError(detail);
  return { outcome: 'refused', code, reason: detail };
}

async function askDatabase(input: CommandInput, version: Version): Promise<Outcome> {
  const database = openExisting(databasePath(input));
  try {
    const standards = await standardsInForce(database);
    if (!standards) {
      throw new UsageError(
        'No trust root has been in force in this database yet. Start the jobs once (npm start does).',
      );
    }
    return registerVersion(quietContext(database), { ...version, source: 'command line' }, standards);
  } catch (error) {
    if (!(error instanceof RegistrationError)) throw error;
    return { outcome: 'refused', code: error.code, reason: error.message };
  } finally {
    database.close();
  }
}

function report(outcome: Outcome): void {
  if (outcome.outcome === 'refused') {
    print(`refused: ${outcome.code}: ${outcome.reason}`);
    return;
  }
  const { model, label, root, fileCount, registeredAt, source } = outcome;
  print(`${model.name} ${label}: ${outcome.outcome === 'known' ? 'was registered before' : 'registered'}`);
  printFacts([
    ['Files', formatPlural(fileCount, 'file')],
    ['OMS root', `sha256:${root}`],
    ['Registered', `${formatUtc(registeredAt)} by ${source}`],
  ]);
}
