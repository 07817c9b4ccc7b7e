import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { stringify } from 'yaml';
import { buildWeb } from '#jobs/build-web.ts';
import { Clients } from '#test/interchange/run-client.ts';
import type { Stack } from '#test/soak/stack.ts';
import { endProcess, until } from '#test/support/product.ts';

export interface DrillStack extends Stack {
  readonly folder: string;
}

/** Who signs for the organisation. */
export const SIGNER = 'release-bot@models.example';

const CLOCK_AHEAD = new URL('./clock-ahead.ts', import.meta.url).href;

/** The product as an organisation runs it, and where its alerts arrive. */
export class Office {
  readonly stack: DrillStack;
  readonly folder: string;
  /** Of the dashboard, without a slash at its end. */
  readonly url: string;
  readonly configPath: string;
  /** Bodies of the webhook's messages, as they came. */
  readonly messages: string[] = [];
  /** Who answers for incidents, and signs in with a password. */
  readonly responder = { login: 'ada', name: 'Ada', password: randomBytes(15).toString('base64url') };
  /** The code that the console printed at the first start. */
  setupCode: string | null = null;
  readonly #hook: Server;
  #product: ChildProcess | null = null;
  #ahead = 0;

  private constructor(folder: string, stack: DrillStack, port: number, hook: Server) {
    this.folder = folder;
    this.stack = stack;
    this.url = `http://127.0.0.1:${port}`;
    this.configPath = join(folder, 'modeltrail.yaml');
    this.#hook = hook;
  }

  /** Starts jobs and web server on a configuration that follows the stack's logs, and makes a token for pipelines. */
  static async open(folder: string, stack: DrillStack): Promise<Office> {
    await buildWeb();
    const hook = createServer();
    await listen(hook);
    const port = await freePort();
    const office = new Office(folder, stack, port, hook);
    hook.on('request', async (request, response) => {
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece as Buffer);
      office.messages.push(Buffer.concat(pieces).toString());
      response.writeHead(204).end();
    });
    writeFileSync(join(folder, 'hook.secret'), `whsec_${Buffer.alloc(32, 7).toString('base64')}`, { mode: 0o600 });
    writeFileSync(office.configPath, stringify(configOf(stack, { port, hook: portOf(hook) })));
    await office.#start();
    const scopes = 'ingest,read,verify,deploy,investigate';
    const made = await office.clients.modeltrail(
      ...['token', 'create', 'pipeline', '--config', office.configPath, '--scope', scopes],
    );
    const token = /mt_[A-Za-z0-9_-]{43}/.exec(made.stdout)?.[0];
    if (!token) throw new Error(`no token was made: ${made.words}`);
    writeFileSync(office.tokenFile, token, { mode: 0o600 });
    return office;
  }

  get tokenFile(): string {
    return join(this.folder, 'pipeline.token');
  }

  /** Command lines whose clock is that of the product. */
  get clients(): Clients {
    return new Clients(this.folder, this.env);
  }

  /** Command lines whose clock is that of the stack: whoever signs needs the time of those who certify it. */
  get signers(): Clients {
    return new Clients(this.folder);
  }

  /** Milliseconds since the epoch, by the clock of the product. */
  now(): number {
    return Date.now() + this.#ahead;
  }

  /** Stops jobs and web server, and starts them again with a clock that is ahead of the stack's by so many milliseconds. */
  async sleep(ahead: number): Promise<void> {
    await this.stop();
    this.#ahead = ahead;
    await this.#start();
  }

  /** Stops jobs and web server. */
  async stop(): Promise<void> {
    if (this.#product !== null) await endProcess(this.#product, 'SIGTERM');
    this.#product = null;
  }

  async close(): Promise<void> {
    await this.stop();
    this.#hook.closeAllConnections();
    await new Promise((resolve) => this.#hook.close(resolve));
  }

  async #start(): Promise<void> {
    const product = fork(new URL('../../jobs/start.ts', import.meta.url), ['--config', this.configPath], {
      env: { ...process.env, ...this.env, MODELTRAIL_CONFIG: this.configPath, MODELTRAIL_LOG_LEVEL: 'warn' },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    this.#product = product;
    if (product.stdout) {
      createInterface({ input: product.stdout }).on('line', (line) => {
        if (/^ {4}\S+$/.test(line)) this.setupCode = line.trim();
        else if (line.startsWith('{')) console.log(`    the product says: ${describe(line)}`);
      });
    }
    await until(() => answers(`${this.url}/api/version`), 'the dashboard answers', 120_000);
  }

  /** What a process has in its environment, so that its clock is that of the product. */
  get env(): Readonly<Record<string, string>> {
    if (this.#ahead === 0) return {};
    return { NODE_OPTIONS: `--import=${CLOCK_AHEAD}`, DRILL_AHEAD: String(this.#ahead) };
  }
}

/** A line of the product's own log, cut short. */
function describe(line: string): string {
  const { time, name, job, msg, err } = JSON.parse(line) as Record<string, unknown> & { err?: { message?: string } };
  const at = new Date(Number(time)).toISOString();
  return [at, name, job, msg, err?.message]
    .filter((part) => part !== undefined)
    .join(', ')
    .slice(0, 300);
}

function configOf(stack: DrillStack, { port, hook }: { readonly port: number; readonly hook: number }) {
  const list = [
    { origin: stack.rekor2Origin, url: stack.rekor2 },
    { origin: stack.rekor1Hostname, url: stack.rekor1 },
  ];
  return {
    organisation: { name: 'Models', contact: 'security@models.example' },
    server: { host: '127.0.0.1', port },
    database: './modeltrail.db',
    trust: { file: stack.trustedRoot },
    logs: { start: 'end', poll: '250ms', list },
    watch: [{ name: 'release bot', own: true, identity: { exact: SIGNER }, issuer: { exact: stack.oidc } }],
    models: [
      {
        name: 'ours',
        models: { glob: '**' },
        signers: [{ identity: { exact: SIGNER }, issuer: { exact: stack.oidc } }],
      },
    ],
    alerts: {
      channels: [
        {
          name: 'duty',
          kind: 'webhook',
          url: `http://127.0.0.1:${hook}/`,
          secrets: [{ file: './hook.secret' }],
          'allow-private': true,
          'allow-http': true,
        },
      ],
      routes: [{ name: 'everything', channels: ['duty'] }],
    },
  };
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await listen(server);
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}
