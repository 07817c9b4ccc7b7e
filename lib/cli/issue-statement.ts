import { join } from 'node:path';
import { readModelFiles } from '#lib/model-files/manifest.ts';
import { rootOf } from '#lib/model-signing/roots.ts';
import { type CliCommand, EXIT, UsageError } from './command.ts';
import { hashingProgress } from './hashing-progress.ts';
import type { CommandInput } from './input.ts';
import { MODEL_OPTIONS, readModelOptions } from './model-options.ts';
import { print, printFacts, printJson } from './output.ts';
import { refuseUnsignable } from './signable.ts';
import { readSigningMethod, SIGNING_OPTIONS } from './signing-options.ts';
import {
  openServer,
  refuseOverwriting,
  SIGNATURE_OPTIONS,
  signatureFacts,
  signatureReport,
  writeSignature,
} from './write-signature.ts';

/** Of every command that states something about a model and signs it, besides what it states. */
export const STATEMENT_OPTIONS: CliCommand['options'] = [
  { flags: '--name <name>', description: "The model's name in the statement; the folder's if not said" },
  { flags: '--print', description: 'Print the statement, and sign nothing' },
  ...SIGNATURE_OPTIONS,
  ...SIGNING_OPTIONS,
  ...MODEL_OPTIONS,
];

export const STATEMENT_EXIT_CODES: CliCommand['exitCodes'] = {
  0: 'signed, verified and written; with --server: taken by it as well; with --print: printed',
  1: 'written, but the server refused it',
  2: 'no answer: wrong arguments, a file that cannot be read, or a service that failed; nothing is written unless it is said',
};

/** What a statement is about, as `modeltrail sign` names it. */
export interface StatementSubject {
  readonly name: string;
  /** OMS root, lowercase hex. */
  readonly root: string;
}

interface Stated {
  readonly statement: Uint8Array;
  readonly subject: StatementSubject;
}

interface StatementWords {
  /** What the file is called in the report, as a fact and as a key of JSON. */
  readonly kind: 'Attestation' | 'Retraction';
  /** The line that says that it is done. */
  readonly done: (subject: StatementSubject) => string;
  /** What else the report says: keys of JSON, and lines under the facts. */
  readonly report?: object;
  readonly lines?: readonly [string, string][];
}

/**
 * Makes a statement, signs it, writes it to `path`, hands it in and reports; or prints it, with `--print`. Wrong options are
 * found before `state` hashes anything.
 *
 * @returns the exit code.
 * @throws {UsageError}
 */
export async function issueStatement(
  input: CommandInput,
  { path, state, words }: { readonly path: string; state(): Promise<Stated>; readonly words: StatementWords },
): Promise<number> {
  const isPrint = input.flag('print');
  if (!isPrint) await refuseOverwriting(input, path);
  const prepare = isPrint ? null : await readSigningMethod(input);
  const server = await openServer(input);
  try {
    const { statement, subject } = await state();
    if (!prepare) {
      printStatement(statement);
      return EXIT.good;
    }
    const written = await writeSignature(input, prepare, { statement, path, server });
    const { kind, done, report = {}, lines = [] } = words;
    if (input.flag('json')) {
      printJson({ [kind.toLowerCase()]: path, root: subject.root, ...report, ...signatureReport(written) });
    } else {
      print(done(subject));
      printFacts([[kind, path], ['OMS root', `sha256:${subject.root}`], ...signatureFacts(written)]);
      printFacts([...lines], '  ');
    }
    return written.ingested?.outcome === 'refused' ? EXIT.bad : EXIT.good;
  } finally {
    await server?.close();
  }
}

function printStatement(statement: Uint8Array): void {
  const text = Buffer.from(statement).toString();
  if (process.stdout.isTTY) print(...text.split('\n'));
  // A pipe gets the very bytes.
  else process.stdout.write(`${text}\n`);
}

/** The root that `modeltrail sign` signs with the same options: its usual signature is left out here as well. @throws {UsageError} */
export async function hashSubject(input: CommandInput, path: string, output: string): Promise<StatementSubject> {
  const options = readModelOptions(input, path, [join(path, 'model.sig'), output]);
  refuseUnsignable(options);
  const progress = hashingProgress(`Hashing ${path}`);
  const model = await readModelFiles(path, { ...options, ...progress }).finally(() => progress.end());
  if (model.resources.length === 0)
    throw new UsageError(`${path} has no files that are hashed. Is it the right folder?`);
  return { name: input.text('name') ?? model.name, root: rootOf(model.resources) };
}
