import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AnsweringServer } from '#test/support/answering-server.ts';
import { temporaryFolder } from '#test/support/product.ts';
import { runCli } from './run-cli.ts';

const folder = temporaryFolder();
const token = join(folder.path, 'token');
const DIGEST = 'ab'.repeat(32);
let server: AnsweringServer;

beforeAll(async () => {
  writeFileSync(token, 'mtt_secret\n');
  server = await AnsweringServer.start();
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

const run = (...args: string[]) => runCli(['expect', ...args, '--server', server.url, '--token-file', token]);
const declared = { id: 'exp_1', validFromAt: 0, validUntilAt: 86_400_000, uses: 2, used: 1, eventIds: ['evt_1'] };

describe('modeltrail expect', { timeout: 60_000 }, () => {
  it('declares what is given, and nothing else', async () => {
    server.answer = () => ({ body: JSON.stringify(declared) });
    const { code, stdout } = await run(
      '--digest',
      DIGEST,
      '--identity',
      'a@models.example',
      '--issuer',
      'https://a.example',
      '--uses',
      '2',
      '--json',
    );
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { outcome: 'declared', id: 'exp_1' }]);
    const [asked] = server.asked.slice(-1);
    expect([asked?.path, asked?.headers.authorization]).toEqual(['/api/v1/expected-signings', 'Bearer mtt_secret']);
    expect(JSON.parse(asked?.body ?? '')).toEqual({
      digest: DIGEST,
      identity: 'a@models.example',
      issuer: 'https://a.example',
      uses: 2,
    });
    expect((await run('--run', 'https://run.example', '--hours', '1')).stdout).toMatch(
      /exp_1: declared[\s\S]*1 of 2 so far/,
    );
  });

  it('says why the server refuses it', async () => {
    server.answer = () => ({
      status: 400,
      body: JSON.stringify({ code: 'bad-request', detail: 'issuer: is missing' }),
    });
    const { code, stdout } = await run('--identity', 'a@models.example');
    expect([code, stdout]).toEqual([1, 'refused: issuer: is missing\n']);
  });

  it.each([
    [[]],
    [['--digest', DIGEST, '--uses', '0']],
    [['--digest', DIGEST, '--hours', '1000']],
    [[DIGEST, '--digest', DIGEST]],
  ])('is called wrongly with %j', async (args) => {
    const asked = server.asked.length;
    expect((await run(...args)).code).toBe(2);
    expect(server.asked).toHaveLength(asked);
  });
});
