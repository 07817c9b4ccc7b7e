import { basename, dirname, join, resolve } from 'node:path';
import { retractionStatement } from '#lib/attestation/retraction-statement.ts';
import { type CliCommand, UsageError } from '../command.ts';
import type { CommandInput } from '../input.ts';
import { hashSubject, issueStatement, STATEMENT_EXIT_CODES, STATEMENT_OPTIONS } from '../issue-statement.ts';

const LONGEST_REASON = 4096;

export const retract: CliCommand = {
  options: [
    { flags: '--reason <text>', description: 'Why it is withdrawn, for everybody who has it; needed' },
    { flags: '--replacement <root>', description: 'OMS root of the version to use instead: sha256:…' },
    { flags: '--root <root>', description: 'Instead of a folder: the OMS root of the version to withdraw, sha256:…' },
    { flags: '--output <file>', description: 'Where to write; FOLDER.retraction.sigstore.json beside it if not said' },
    ...STATEMENT_OPTIONS,
  ],
  examples: [
    'modeltrail retract ./model --reason "Trained on poisoned reviews" --key release.pem',
    'modeltrail retract --root sha256:… --name granite --reason "Leaks training data" --replacement sha256:… --server https://modeltrail.models.example --token-file token',
  ],
  exitCodes: STATEMENT_EXIT_CODES,
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
    return issueStatement(input, {
      path: output,
      state: async () => {
        const subject =
          path === undefined
            ? { name: input.text('name') ?? '', root: root ?? '' }
            : await hashSubject(input, path, output);
        if (subject.root === replacement)
          throw new UsageError('--replacement is the version that is withdrawn itself.');
        return { statement: retractionStatement({ subject, reason, replacement }), subject };
      },
      words: { kind: 'Retraction', done: (subject) => `${path ?? `sha256:${subject.root}`}: its retraction is signed` },
    });
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
