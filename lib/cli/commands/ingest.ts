import { basename } from 'node:path';
import { MAX_LIST_BYTES } from '#lib/github/attestation-list.ts';
import { formatPlural } from '#lib/provenance/format.ts';
import { AnswerError } from '#lib/remote/answer-error.ts';
import { standardsInForce } from '#lib/services/config/standards.ts';
import { bundleFormOf } from '#lib/services/source/bundle-names.ts';
import { splitBundles } from '#lib/services/source/split-bundles.ts';
import { takeBundle } from '#lib/services/source/take-bundle.ts';
import { type CliCommand, EXIT, UsageError } from '../command.ts';
import { databasePath, openExisting, quietContext } from '../database.ts';
import type { IngestOutcome } from '../ingest-outcome.ts';
import { IngestServer } from '../ingest-server.ts';
import type { CommandInput } from '../input.ts';
import { print, printJson } from '../output.ts';
import { readFileUpTo } from '../read-file.ts';

/** Where bundles are handed to. */
interface Taker {
  ingest(path: string, bytes: Uint8Array): Promise<IngestOutcome>;
  close(): Promise<void> | void;
}

type Report = IngestOutcome & { readonly file: string };

export const ingest: CliCommand = {
  options: [
    { flags: '--server <url>', description: 'A Modeltrail elsewhere, over its API; with --token-file' },
    { flags: '--token-file <file>', description: 'File whose first line is a token of the scope ingest' },
    { flags: '--config <file>', description: 'Configuration that names the database' },
    { flags: '--database <file>', description: 'The database itself; then no configuration is read' },
    { flags: '--json', description: 'Print one JSON object' },
  ],
  examples: [
    'modeltrail ingest model.sig provenance.sigstore.json',
    'modeltrail ingest claims.jsonl --server https://modeltrail.models.example --token-file ./ingest-token',
  ],
  exitCodes: {
    0: 'every bundle was accepted, or was there before',
    1: 'one or more were refused; each is printed with its reason. The others were taken',
    2: 'no answer: wrong arguments, a file that cannot be read, no database or server. What was printed before was taken',
  },
  async run(input) {
    const files = input.positionals();
    if (files.length === 0) throw new UsageError('Name the files to take: modeltrail ingest model.sig …');
    const taker = await openTaker(input);
    const isJson = input.flag('json');
    const reports: Report[] = [];
    try {
      for (const file of files) {
        for (const { path, bytes } of await readBundles(file)) {
          const report = { file: path, ...(await taker.ingest(path, bytes)) };
          reports.push(report);
          if (!isJson) print(describe(report));
        }
      }
    } finally {
      await taker.close();
    }
    const refused = reports.filter(({ outcome }) => outcome === 'refused').length;
    const accepted = reports.length - refused;
    if (isJson) printJson({ accepted, refused, bundles: reports });
    else print('', `${formatPlural(accepted, 'bundle')} accepted, ${refused} refused.`);
    return refused === 0 ? EXIT.good : EXIT.bad;
  },
};

async function openTaker(input: CommandInput): Promise<Taker> {
  const server = input.text('server');
  const tokenFile = input.text('token-file');
  if ((server === undefined) !== (tokenFile === undefined)) {
    throw new UsageError('A server takes bundles with a token only. Give both --server and --token-file.');
  }
  if (server === undefined || tokenFile === undefined) return openDatabaseTaker(input);
  const remote = await IngestServer.open(server, tokenFile);
  return { ingest: (_, bytes) => remote.ingest(bytes), close: () => remote.close() };
}

async function openDatabaseTaker(input: CommandInput): Promise<Taker> {
  const database = openExisting(databasePath(input));
  const standards = await standardsInForce(database);
  if (!standards) {
    database.close();
    throw new UsageError('No trust root has been in force in this database yet. Start the jobs once (npm start does).');
  }
  const ctx = quietContext(database);
  const ingestOne = (path: string, bytes: Uint8Array): IngestOutcome => {
    const place = { channel: 'cli' as const, source: 'command line', path, modifiedAt: Date.now() };
    const taken = takeBundle(ctx, standards, place, bytes);
    if (taken.outcome === 'refused') return { isNew: false, ...taken };
    return { ...taken, code: null, reason: null, at: null };
  };
  return { ingest: async (path, bytes) => ingestOne(path, bytes), close: () => database.close() };
}

/** A file is one bundle, one a line, or GitHub's list, as its name says. */
async function readBundles(file: string): Promise<{ path: string; bytes: Uint8Array }[]> {
  const bytes = await readFileUpTo(file, MAX_LIST_BYTES, 'bundle');
  const form = bundleFormOf(basename(file)) ?? 'bundle';
  if (form === 'bundle') return [{ path: file, bytes }];
  try {
    return splitBundles(form, bytes).map((one) => ({ path: `${file}#${one.number}`, bytes: one.bytes }));
  } catch (error) {
    if (!(error instanceof AnswerError || error instanceof RangeError)) throw error;
    throw new UsageError(`${file}: ${error.message}`);
  }
}

function describe({ file, outcome, bundleId, isNew, code, reason, at }: Report): string {
  if (outcome === 'accepted') return `${file}: accepted${isNew ? '' : ', was there before'} (${bundleId})`;
  return `${file}: refused: ${code}${at === null ? '' : ` at ${at}`}: ${reason}`;
}
