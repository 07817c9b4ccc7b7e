import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AnsweringServer } from '#test/support/answering-server.ts';
import { temporaryFolder } from '#test/support/product.ts';
import { runCli } from './run-cli.ts';

const folder = temporaryFolder();
const token = join(folder.path, 'token');
const model = join(folder.path, 'model');
const DIGEST = `sha256:${'ab'.repeat(32)}`;
let server: AnsweringServer;

beforeAll(async () => {
  writeFileSync(token, 'mtt_secret\n');
  mkdirSync(model);
  writeFileSync(join(model, 'weights.bin'), 'weights');
  server = await AnsweringServer.start();
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

const run = (...args: string[]) =>
  runCli(['deployed', 'production', 'chat', ...args, '--server', server.url, '--token-file', token]);
const deployment = {
  id: 'dep_1',
  environment: 'production',
  service: 'chat',
  name: 'granite',
  versions: [{ id: 'ver_1', model: { name: 'granite' }, label: '1.2.0' }],
  given: DIGEST,
  startedAt: 0,
  confirmedAt: 0,
  endedAt: null,
  refused: false,
  verdict: { signature: 'verified', weakest: null, refusals: [] },
  notices: [],
};
const answer = (of: object) => () => ({ body: JSON.stringify({ outcome: 'started', replaced: null, deployment: of }) });

describe('modeltrail deployed', { timeout: 60_000 }, () => {
  it('registers a digest, a version or a folder, and ends well where nothing speaks against it', async () => {
    server.answer = answer(deployment);
    const { code, stdout } = await run('--digest', DIGEST);
    expect([code, stdout]).toMatchObject([0, expect.stringMatching(/^dep_1: started\n[\s\S]*granite 1\.2\.0/)]);
    const [asked] = server.asked.slice(-1);
    expect([asked?.path, asked?.headers.authorization]).toEqual(['/api/v1/deployments', 'Bearer mtt_secret']);
    expect(JSON.parse(asked?.body ?? '')).toEqual({ environment: 'production', service: 'chat', digest: DIGEST });
    await run('--model', 'granite', '--label', '1.2.0');
    expect(JSON.parse(server.asked.at(-1)?.body ?? '')).toMatchObject({ model: 'granite', version: '1.2.0' });
    await run('--folder', model);
    expect(JSON.parse(server.asked.at(-1)?.body ?? '')).toMatchObject({
      manifest: { format: 'modeltrail.manifest/v1', files: [{ path: 'weights.bin' }] },
    });
  });

  it('ends badly where what runs is refused, and says why, so that a pipeline stops', async () => {
    const refusals = ['It is part of incident #7: Poisoned images'];
    server.answer = answer({
      ...deployment,
      refused: true,
      verdict: { ...deployment.verdict, refusals },
      notices: [{ number: 7, title: 'Poisoned images', refuses: true }],
    });
    const { code, stdout } = await run('--digest', DIGEST);
    expect([code, stdout]).toMatchObject([1, expect.stringContaining('refused: It is part of incident #7')]);
    expect(await run('--digest', DIGEST, '--json')).toMatchObject({ code: 1 });
  });

  it('says why the server does not take it', async () => {
    server.answer = () => ({
      status: 422,
      body: JSON.stringify({ code: 'unknown-version', detail: 'There is no model granite.' }),
    });
    const { code, stdout } = await run('--model', 'granite', '--label', '1');
    expect([code, stdout]).toEqual([1, 'refused: There is no model granite.\n']);
  });

  it('ends what runs there', async () => {
    server.answer = ({ path }) => ({
      body: JSON.stringify(path.includes('/end') ? { ...deployment, endedAt: 1 } : { deployments: [deployment] }),
    });
    const { code, stdout } = await run('--end');
    expect([code, stdout]).toEqual([0, 'dep_1: ended\n']);
    expect(server.asked.slice(-2).map(({ path }) => path)).toEqual([
      '/api/v1/deployments?environment=production&service=chat',
      '/api/v1/deployments/dep_1/end',
    ]);
  });

  it.each([
    [[]],
    [['--label', '1']],
    [['--model', 'granite']],
    [['--digest', DIGEST, '--folder', model]],
    [['--end', '--digest', DIGEST]],
  ])('is called wrongly with %j', async (args) => {
    const asked = server.asked.length;
    expect((await run(...args)).code).toBe(2);
    expect(server.asked).toHaveLength(asked);
  });
});
