import { type ChildProcess, fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { buildWeb } from '#jobs/build-web.ts';
import { Clients } from '#test/interchange/run-client.ts';
import type { Stack } from '#test/soak/stack.ts';
import { endProcess, until } from '#test/support/product.ts';

export interface DrillStack extends Stack {
  readonly folder: string;
}

/** The product as an organisation runs it, and where its alerts arrive. */
export interface Office {
  readonly stack: DrillStack;
  /** Of the dashboard, without a slash at its end. */
  readonly url: string;
  readonly clients: Clients;
  readonly tokenFile: string;
  /** Bodies of the webhook's messages, as they came. */
  readonly messages: readonly string[];
  close(): Promise<void>;
}

/** Who signs for the organisation. */
export const SIGNER = 'release-bot@models.example';

/** Starts jobs and web server on a configuration that follows the stack's Rekor v2, and makes a token for pipelines. */
export async function openOffice(folder: string, stack: DrillStack): Promise<Office> {
  await buildWeb();
  const messages: string[] = [];
  const hook = await receive(messages);
  const port = await freePort();
  const configPath = join(folder, 'modeltrail.yaml');
  const url = `http://127.0.0.1:${port}`;
  writeFileSync(join(folder, 'hook.secret'), `whsec_${Buffer.alloc(32, 7).toString('base64')}`, { mode: 0o600 });
  writeFileSync(configPath, stringify(configOf(stack, { port, hook: (hook.address() as AddressInfo).port })));
  const product = fork(new URL('../../jobs/start.ts', import.meta.url), ['--config', configPath], {
    env: { ...process.env, MODELTRAIL_CONFIG: configPath, MODELTRAIL_LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const clients = new Clients(folder);
  await until(() => answers(`${url}/api/version`), 'the dashboard answers', 120_000);
  const tokenFile = join(folder, 'pipeline.token');
  const made = await clients.modeltrail(
    ...['token', 'create', 'pipeline', '--config', configPath, '--scope', 'ingest,read,verify,deploy,investigate'],
  );
  const token = /mt_[A-Za-z0-9_-]{43}/.exec(made.stdout)?.[0];
  if (!token) throw new Error(`no token was made: ${made.words}`);
  writeFileSync(tokenFile, token, { mode: 0o600 });
  return { stack, url, clients, tokenFile, messages, close: () => closeAll(product, hook) };
}

function configOf(stack: DrillStack, { port, hook }: { readonly port: number; readonly hook: number }) {
  return {
    organisation: { name: 'Models', contact: 'security@models.example' },
    server: { host: '127.0.0.1', port },
    access: { 'without-sign-in': 'loopback' },
    database: './modeltrail.db',
    trust: { file: stack.trustedRoot },
    logs: { start: 'end', poll: '250ms', list: [{ origin: stack.rekor2Origin, url: stack.rekor2 }] },
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

function receive(messages: string[]): Promise<Server> {
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    messages.push(Buffer.concat(pieces).toString());
    response.writeHead(204).end();
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
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

async function closeAll(product: ChildProcess, hook: Server): Promise<void> {
  await endProcess(product, 'SIGTERM');
  hook.closeAllConnections();
  await new Promise((resolve) => hook.close(resolve));
}
