import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { SigningError } from './signing-error.ts';

/** Where an identity token is had from: exactly one. */
export interface TokenSource {
  readonly file?: string | undefined;
  /** Name of an environment variable. */
  readonly env?: string | undefined;
  /** A program with its arguments, started without a shell. */
  readonly command?: readonly string[] | undefined;
}

const MAX_BYTES = 64 * 1024;
const COMMAND_TIMEOUT = 30_000;

/**
 * Gets a token anew: they live for minutes. No message repeats what a file or program gave, for it is a secret.
 *
 * @returns the token as it was given, with where it comes from for people.
 * @throws {SigningError}
 */
export async function obtainToken(
  { file, env, command }: TokenSource,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly jwt: string; readonly source: string }> {
  if (file !== undefined) return { jwt: await readTokenFile(file), source: `The token in ${file}` };
  if (env !== undefined) {
    const jwt = environment[env];
    if (jwt === undefined || jwt === '')
      throw new SigningError(`The environment variable ${env} holds no identity token.`);
    return { jwt, source: `The token in ${env}` };
  }
  const [program, ...args] = command ?? [];
  if (program === undefined) throw new SigningError('Nothing says where the identity token comes from.');
  return { jwt: await printedBy(program, args), source: `The token that ${program} printed` };
}

async function readTokenFile(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES) throw new Error(`it has ${size} bytes`);
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new SigningError(`The identity token in ${path} cannot be read: ${(error as Error).message}.`);
  }
}

function printedBy(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = {
      timeout: COMMAND_TIMEOUT,
      maxBuffer: MAX_BYTES,
      killSignal: 'SIGKILL',
      windowsHide: true,
    } as const;
    execFile(program, [...args], options, (error, stdout) => {
      if (error === null) return resolve(stdout);
      // The message of the error has the arguments and what was printed, which may be secret.
      const { code, killed } = error;
      const why = killed ? 'did not end in time, or printed too much' : `failed (${String(code)})`;
      reject(new SigningError(`${program}, which should print the identity token, ${why}.`));
    });
  });
}
