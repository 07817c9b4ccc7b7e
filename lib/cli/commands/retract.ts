import { basename, dirname, join, resolve } from 'node:path';
import { retractionStatement } from '#lib/attestation/retraction-statement.ts';
import { readModelFiles } from '#lib/model-files/manifest.ts';
import { rootOf } from '#lib/model-signing/roots.ts';
import { type CliCommand, EXIT, UsageError } from '../command.ts';
import { hashingProgress } from '../hashing-progress.ts';
import type { CommandInput } from '../input.ts';
import { MODEL_OPTIONS, readModelOptions } from '../model-options.ts';
import { print, printFacts, printJson } from '../output.ts';
import { refuseUnsignable } from '../signable.ts';
import { readSigningMethod, SIGNING_OPTIONS } from '../signing-options.ts';
import {
  openServer,
  refuseOverwriting,
  SIGNATURE_OPTIONS,
  signatureFacts,
  signatureReport,
  writeSignature,
} from '../write-signature.ts';

const LONGEST_REASON = 4096;

export const retract: CliCommand = {
  options: [
    { flags: '--reason <text>', description: 'Why it is withdrawn, for everybody who has it; needed' },
    { flags: '--replacement <root>', description: 'OMS root of the version to use instead: sha256:…' },
    { flags: '--root <root>', description: 'Instead of a folder: the OMS root of the version to withdraw, sha256:…' },
    { flags: '--output <file>', description: 'Where to write; FOLDER.retraction.sigstore.json beside it if not said' },
    { flags: '--name <name>', description: "The model's name in the statement; the folder's if not said" },
    { flags: '--print', description: 'Print the statement, and sign nothing' },
    ...SIGNATURE_OPTIONS,
    ...SIGNING_OPTIONS,
    ...MODEL_OPTIONS,
  ],
  examples: [
    'modeltrail retract ./model --reason "Trained on poisoned reviews" --key release.pem',
    'modeltrail retract --root sha256:… --name granite --reason "Leaks training data" --replacement sha256:… --server https://modeltrail.models.example --token-file token',
  ],
  exitCodes: {
    0: 'signed, verified and written; with --server: taken by it as well; with --print: printed',
    1: 'written, but the server refused it',
    2: 'no answer: wrong arguments, a file that cannot be read, or a service that failed; nothing is written unless it is said',
  },
  async run(input) {
    const [path, ...more] = input.positionals();
    const root = readRoot(input, 'root');
    if (more.length > 0 || (path === undefined) === (root === null)) {
      throw new UsageError('Name one model, modeltrail retract ./model, or its root with --root.');
    }
    const reason = input.text('reason');
    if (reason === undefined) throw new UsageError('Say why it is withdrawn: --reason TEXT.');
    if (reason.length > LONGEST_REASON)
      throw new UsageError(`--reason is longer than ${LONGEST_REASON} characters. Shorten it.`);
    const replacement = readRoot(input, 'replacement');
    const output = input.text('output') ?? usualOutput(path, root);
    const isPrint = input.flag('print');
    if (!isPrint) await refuseOverwriting(input, output);
    const prepare = isPrint ? null : await readSigningMethod(input);
    const server = await openServer(input);
    try {
      const subject = await readSubject(input, path, root, output);
      if (subject.root === replacement) throw new UsageError('--replacement is the version that is withdrawn itself.');
      const statement = retractionStatement({ subject, reason, replacement });
      if (!prepare) {
        process.stdout.write(`${Buffer.from(statement)}\n`);
        return EXIT.good;
      }
      const written = await writeSignature(input, prepare, { statement, path: output, server });
      if (input.flag('json')) printJson({ retraction: output, root: subject.root, ...signatureReport(written) });
      else {
        print(`${path ?? `sha256:${subject.root}`}: its retraction is signed`);
        printFacts([['Retraction', output], ['OMS root', `sha256:${subject.root}`], ...signatureFacts(written)]);
      }
      return written.ingested?.outcome === 'refused' ? EXIT.bad : EXIT.good;
    } finally {
      await server?.close();
    }
  },
};

/** @throws {UsageError} for what is no SHA-256. */
function readRoot(input: CommandInput, name: string): string | null {
  const text = input.text(name);
  if (text === undefined) return null;
  const hex = /^(?:sha256:)?([0-9a-f]{64})$/i.exec(text)?.[1];
  if (hex === undefined) throw new UsageError(`--${name} ${text} is no OMS root: sha256: and 64 hexadecimal digits.`);
  return hex.toLowerCase();
}

function usualOutput(path: string | undefined, root: string | null): string {
  const name = path === undefined ? (root ?? '').slice(0, 16) : basename(resolve(path));
  return join(path === undefined ? '.' : dirname(resolve(path)), `${name}.retraction.sigstore.json`);
}

/** The root that `modeltrail sign` signs with the same options: its usual signature is left out here as well. */
async function readSubject(input: CommandInput, path: string | undefined, root: string | null, output: string) {
  if (path === undefined) return { name: input.text('name') ?? '', root: root ?? '' };
  const options = readModelOptions(input, path, [join(path, 'model.sig'), output]);
  refuseUnsignable(options);
  const progress = hashingProgress(`Hashing ${path}`);
  const model = await readModelFiles(path, { ...options, ...progress }).finally(() => progress.end());
  if (model.resources.length === 0)
    throw new UsageError(`${path} has no files that are hashed. Is it the right folder?`);
  return { name: input.text('name') ?? model.name, root: rootOf(model.resources) };
}
