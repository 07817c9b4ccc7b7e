import { type CliCommand, UsageError } from './command.ts';
import type { CommandInput } from './input.ts';
import { MODEL_OPTIONS } from './model-options.ts';

/** What one verification of a model's files came to. */
export interface ModelCheck {
  /** Whether all that was asked for holds. */
  readonly isGood: boolean;
  /** OMS root of the files, lowercase hex; null where it is not known. */
  readonly root: string | null;
  /** Address or id of the stored answer; null offline. */
  readonly receipt: string | null;
  readonly report: object;
  /** Prints it for people. */
  print(): void;
}

/** Of every command that verifies a model. */
export const CHECK_OPTIONS: CliCommand['options'] = [
  { flags: '--signature <file>', description: 'The signature; model.sig in the folder if not said' },
  {
    flags: '--identity <id>',
    description: 'Who must have signed, whole and byte for byte; with --issuer or --authority',
  },
  { flags: '--issuer <url>', description: 'The OpenID Connect issuer that must have vouched for the identity' },
  { flags: '--key <file>', description: 'Public key in PEM that must have signed, in a log or not' },
  {
    flags: '--authority <file>',
    description: 'Certificates in PEM of who must have vouched for the signer; may be given more than once',
  },
  { flags: '--any-signer', description: 'Take whoever signed: shows that files are unchanged, not whose they are' },
  {
    flags: '--attestation <file>',
    description: 'A provenance attestation that must be about the same files; repeatable',
  },
  { flags: '--ignore-unsigned-files', description: 'Take files that nobody signed for nothing wrong' },
  { flags: '--trusted-root <file>', description: 'trusted_root.json to verify with' },
  { flags: '--config <file>', description: 'Configuration whose trust, or whose database with --list, to use' },
  { flags: '--server <url>', description: 'Ask a Modeltrail: hashes are sent to it, no files' },
  { flags: '--token-file <file>', description: 'File whose first line is a token of the scope verify, for --server' },
  { flags: '--database <file>', description: 'Ask this database instead of a server' },
  { flags: '--model <name>', description: 'With --server or --database: the model that it must be, by slug or name' },
  { flags: '--model-version <version>', description: "With --model: the version's label, id or root" },
  { flags: '--place <name>', description: 'With --server or --database: where these files are, for the receipt' },
  {
    flags: '--require <list>',
    description:
      'With --server or --database: what must hold, of signed, logged, expected, chain, no-findings, separated by commas; signed,logged if not said, and expected with --model',
  },
  ...MODEL_OPTIONS,
];

const OFFLINE_ONLY = ['signature', 'identity', 'issuer', 'key', 'authority', 'attestation', 'trusted-root'];
const OFFLINE_FLAGS = ['any-signer', 'ignore-unsigned-files'];
const ASKING_ONLY = ['token-file', 'model', 'model-version', 'place', 'require', 'hash-type', 'shard-size'];

/**
 * Verifies a model on the disk, or a list of its hashes: with its signature, or by asking a server or database.
 *
 * @throws {UsageError} for options of the other way: what is asked for must not be silently left out.
 */
export async function checkModel(
  input: CommandInput,
  target: { readonly path: string } | { readonly list: string },
): Promise<ModelCheck> {
  const isAsking = input.text('server') !== undefined || input.text('database') !== undefined || 'list' in target;
  if (isAsking) {
    const other =
      OFFLINE_ONLY.find((name) => input.texts(name).length > 0) ?? OFFLINE_FLAGS.find((name) => input.flag(name));
    if (other) throw new UsageError(`--${other} is for a verification here. Leave it out, or --server and --database.`);
    const { checkByAsking } = await import('./check-by-asking.ts');
    return await checkByAsking(input, target);
  }
  const other = ASKING_ONLY.find((name) => input.text(name) !== undefined);
  if (other) throw new UsageError(`--${other} is for asking a server or database. Give --server, or leave it out.`);
  const { checkOffline } = await import('./check-offline.ts');
  return await checkOffline(input, target.path);
}
