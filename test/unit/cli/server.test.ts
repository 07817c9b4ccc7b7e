import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApi } from '#lib/http/api.ts';
import { temporaryFolder } from '#test/support/product.ts';
import { openScene, type Scene } from '#test/unit/http/scene.ts';
import { runCli } from './run-cli.ts';

let folder: ReturnType<typeof temporaryFolder>;
let scene: Scene;
let server: Server;
const at = (name: string) => join(folder.path, name);

/** The API itself, on the loopback. */
beforeEach(async () => {
  folder = temporaryFolder();
  scene = openScene();
  const api = createApi(scene.environment);
  server = createServer(async (incoming, outgoing) => {
    const { method = '', url = '', headers } = incoming;
    const { authorization = '', 'content-type': type = '', 'idempotency-key': key } = headers;
    const body = method === 'GET' ? null : new Uint8Array(await buffer(incoming));
    const sent = { authorization, 'content-type': type, ...(typeof key === 'string' && { 'idempotency-key': key }) };
    const answer = await api.request(url, { method, headers: sent, body });
    outgoing.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  mkdirSync(at('model'));
  writeFileSync(at('model/config.json'), '{}');
  for (const scope of ['ingest', 'verify'] as const) writeFileSync(at(scope), scene.token(scope));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  scene.ctx.database.close();
  folder.remove();
});

const ask = (token: string, ...args: string[]) => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return runCli([...args, '--server', url, '--token-file', at(token)], folder.path);
};
const register = (...args: string[]) =>
  ask('ingest', 'register', 'model', '--model', 'tern', '--label', '1.0', ...args);

describe('a Modeltrail that is asked over its API', { timeout: 60_000 }, () => {
  it('registers a model, knows it again, and refuses other files under its label', async () => {
    expect(await register()).toMatchObject({ code: 0, stdout: expect.stringContaining('tern 1.0: registered') });
    expect(JSON.parse((await register('--json')).stdout)).toMatchObject({ outcome: 'known', fileCount: 1 });
    writeFileSync(at('model/config.json'), '{ }');
    expect(await register()).toMatchObject({ code: 1, stdout: expect.stringContaining('label-taken') });
  });

  it('says what files are with a receipt, and fails while nobody has signed them', async () => {
    await register();
    const verify = (...args: string[]) => ask('verify', 'verify', 'model', '--model', 'tern', ...args);
    const unsigned = await verify();
    expect(unsigned.code).toBe(1);
    expect(unsigned.stdout).toContain('Not met: signed');
    expect(unsigned.stdout).toMatch(/http:\/\/127\.0\.0\.1:\d+\/verifications\/vrf_/);
    expect((await verify('--require', 'expected')).code).toBe(0);
    writeFileSync(at('model/config.json'), 'flipped');
    const changed = await verify('--require', 'expected');
    expect(changed).toMatchObject({ code: 1, stdout: expect.stringContaining('differs: config.json') });
  });

  it('starts no program for files that do not meet what is required', async () => {
    const script = ['--', process.execPath, '-e', 'console.log(process.env.MODELTRAIL_RECEIPT)'];
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const asked = ['--model-path', 'model', '--server', url, '--token-file', at('verify')];
    const run = (...args: string[]) => runCli(['run', ...asked, ...args, ...script], folder.path);
    await register();
    const refused = await run();
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('is not started');
    const started = await run('--model', 'tern', '--require', 'expected');
    expect(started).toMatchObject({ code: 0, stdout: expect.stringMatching(/^http.*\/verifications\/vrf_\S+\n$/) });
  });

  it('has no answer for a token of another scope, a model that nobody knows, and a list that is refused', async () => {
    const scope = await ask('ingest', 'verify', 'model');
    expect(scope).toMatchObject({ code: 2, stderr: expect.stringContaining('403') });
    const model = await ask('verify', 'verify', 'model', '--model', 'nobody-knows');
    expect(model.code).toBe(2);
    const sha = createHash('sha256').update('{}').digest('hex');
    writeFileSync(at('SUMS'), `${sha}  ../config.json\n`);
    expect((await ask('verify', 'verify', '--list', 'SUMS')).code).toBe(2);
  });
});
