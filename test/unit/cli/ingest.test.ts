import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AnsweringServer } from '#test/support/answering-server.ts';
import { openContext } from '#test/support/context.ts';
import { temporaryFolder } from '#test/support/product.ts';
import { startOnce as startDatabase } from '#test/support/started-database.ts';
import { runCli } from './run-cli.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures/rekor-index/', import.meta.url));
const BUNDLE = join(FIXTURES, 'model.sig');
const CONFIG = `organisation: { name: x, contact: a@models.example }
database: ./modeltrail.db
trust: { file: ${join(FIXTURES, 'trusted_root.json')} }
`;

let folder: ReturnType<typeof temporaryFolder>;
let server: AnsweringServer;
const at = (name: string) => join(folder.path, name);
const run = (...args: string[]) => runCli(args, folder.path);

const startOnce = () => startDatabase(at('modeltrail.db'), at('modeltrail.yaml'), join(FIXTURES, 'trusted_root.json'));

beforeEach(async () => {
  folder = temporaryFolder();
  writeFileSync(at('modeltrail.yaml'), CONFIG);
  server = await AnsweringServer.start();
});
afterEach(async () => {
  await server.stop();
  folder.remove();
});

describe('modeltrail ingest', { timeout: 60_000 }, () => {
  it('takes bundles into the database, says what became of each, and takes the same one once', async () => {
    await startOnce();
    const line = JSON.stringify(JSON.parse(readFileSync(BUNDLE, 'utf8')));
    writeFileSync(at('claims.jsonl'), `${line}\n{"not":"one"}\n`);
    const { code, stdout } = await run('ingest', BUNDLE, 'claims.jsonl');
    expect(code).toBe(1);
    expect(stdout).toMatch(/model\.sig: accepted \(bdl_[0-9a-f]{24}\)\n/);
    expect(stdout).toContain('claims.jsonl#2: refused: not-a-bundle');
    expect(stdout).toContain('2 bundles accepted, 1 refused.');
    const again = await run('ingest', BUNDLE, '--json');
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({
      accepted: 1,
      refused: 0,
      bundles: [{ isNew: false, code: null }],
    });
  });

  it('hands bundles to a server with the token of a file, and tells its refusals', async () => {
    writeFileSync(at('token'), 'mt_secret\n');
    writeFileSync(at('bad.sig'), '{}');
    const taken = { line: 1, outcome: 'accepted', bundleId: 'bdl_1', isNew: true, code: null, reason: null, at: null };
    server.answer = ({ body }) =>
      body === '{}'
        ? {
            status: 422,
            body: JSON.stringify({ code: 'not-a-bundle', title: 'x', detail: 'It is no bundle.', at: null }),
          }
        : { body: JSON.stringify({ bundles: [taken] }) };
    const { code, stdout } = await run(
      'ingest',
      BUNDLE,
      'bad.sig',
      '--server',
      `${server.url}/`,
      '--token-file',
      'token',
    );
    expect(code).toBe(1);
    expect(stdout).toContain('model.sig: accepted (bdl_1)');
    expect(stdout).toContain('bad.sig: refused: not-a-bundle: It is no bundle.');
    expect(server.asked).toMatchObject([
      {
        method: 'POST',
        path: '/api/v1/bundles',
        headers: { authorization: 'Bearer mt_secret' },
        body: readFileSync(BUNDLE, 'utf8'),
      },
      { body: '{}' },
    ]);
  });

  it.each([
    [['ingest'], 'Name the files to take'],
    [['ingest', BUNDLE], 'There is no database'],
    [['ingest', BUNDLE, '--server', 'https://m.example'], 'Give both --server and --token-file'],
    [['ingest', BUNDLE, '--server', 'http://m.example', '--token-file', 'modeltrail.yaml'], 'is no https address'],
    [['ingest', 'nowhere.sig', '--server', 'http://127.0.0.1:1', '--token-file', 'token'], 'cannot be read'],
    [['token', 'create', 'x'], '--scope'],
    [['token', 'create', 'x', '--scope', 'root'], 'There is no scope "root"'],
    [['token', 'create', 'x', '--scope', 'read', '--expires', '5'], 'no number of days'],
  ])('gives no answer to %j, and says why', async (args, words) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });

  it('says when the jobs have put nothing in force yet, and when the server refuses the token', async () => {
    openContext(at('modeltrail.db')).database.close();
    expect((await run('ingest', BUNDLE)).stderr).toContain('No trust root has been in force');
    writeFileSync(at('token'), 'mt_secret\n');
    server.answer = () => ({
      status: 401,
      body: JSON.stringify({ code: 'bad-token', detail: 'The token is revoked.' }),
    });
    const { code, stderr } = await run('ingest', BUNDLE, '--server', server.url, '--token-file', 'token');
    expect(code).toBe(2);
    expect(stderr).toContain('answered 401: The token is revoked.');
  });
});

describe('modeltrail token', { timeout: 60_000 }, () => {
  it('makes a token, lists it without showing it, and revokes it once', async () => {
    openContext(at('modeltrail.db')).database.close();
    const made = await run('token', 'create', 'release pipeline', '--scope', 'ingest,read', '--expires', '30d');
    expect(made.code).toBe(0);
    const [token = ''] = /mt_[A-Za-z0-9_-]{43}/.exec(made.stdout) ?? [];
    expect((await run('token', 'create', 'release pipeline', '--scope', 'read')).code).toBe(1);
    const { stdout } = await run('token', 'list');
    expect(stdout).toContain(`release pipeline  ${token.slice(0, 8)}…; ingest, read; runs out `);
    expect(stdout).not.toContain(token.slice(8, 20));
    expect((await run('token', 'revoke', 'release pipeline')).code).toBe(0);
    expect((await run('token', 'revoke', 'release pipeline')).code).toBe(1);
    expect((await run('token', 'list')).stdout).toContain('; revoked ');
  });
});
