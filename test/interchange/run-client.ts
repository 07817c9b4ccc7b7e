import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const MAIN = fileURLToPath(new URL('../../lib/cli/main.ts', import.meta.url));
const TIMEOUT = 120_000;

export const COSIGN = process.env.COSIGN ?? join(homedir(), '.cache/sigstore-stack/bin/cosign');
export const MODEL_SIGNING = process.env.MODEL_SIGNING ?? 'model_signing';

/** What one run of a client came to. */
export interface Outcome {
  readonly ok: boolean;
  /** What the program ended with; null where it did not run. */
  readonly code: number | null;
  readonly stdout: string;
  /** The last line that it said. */
  readonly words: string;
}

/** The clients, run in a folder of their own, with nothing kept from earlier runs. */
export class Clients {
  readonly folder: string;
  readonly #env: Readonly<Record<string, string>>;

  /** @param env what their environment has besides ours. */
  constructor(folder: string, env: Readonly<Record<string, string>> = {}) {
    this.folder = folder;
    this.#env = env;
  }

  /** An absolute path in the folder. */
  path(name: string): string {
    return join(this.folder, name);
  }

  async run(program: string, args: readonly string[]): Promise<Outcome> {
    const env = { ...process.env, TUF_ROOT: this.path('tuf'), COSIGN_YES: 'true', COSIGN_PASSWORD: '', ...this.#env };
    try {
      const { stdout, stderr } = await promisify(execFile)(program, args, { env, timeout: TIMEOUT, cwd: this.folder });
      return { ok: true, code: 0, stdout, words: lastLine(stderr || stdout) };
    } catch (error) {
      const { stderr, stdout, message, code } = error as Error & { stderr?: string; stdout?: string; code?: unknown };
      return {
        ok: false,
        code: typeof code === 'number' ? code : null,
        stdout: stdout ?? '',
        words: lastLine(stderr || stdout || message),
      };
    }
  }

  modeltrail(...args: readonly string[]): Promise<Outcome> {
    return this.run(process.execPath, [MAIN, ...args]);
  }

  modelSigning(...args: readonly string[]): Promise<Outcome> {
    return this.run(MODEL_SIGNING, args);
  }

  cosign(...args: readonly string[]): Promise<Outcome> {
    return this.run(COSIGN, args);
  }

  /** @throws {Error} where it fails: nothing can be tried without its keys. */
  async openssl(...args: readonly string[]): Promise<void> {
    const { ok, words } = await this.run('openssl', args);
    if (!ok) throw new Error(`openssl ${args[0]} failed: ${words}`);
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
