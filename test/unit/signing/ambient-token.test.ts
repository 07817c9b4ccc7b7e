import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RemoteClient } from '#lib/remote/client.ts';
import { ambientToken } from '#lib/signing/ambient-token.ts';
import { AnsweringServer } from '#test/support/answering-server.ts';

let server: AnsweringServer;
let client: RemoteClient;
beforeEach(async () => {
  server = await AnsweringServer.start();
  client = new RemoteClient({ userAgent: 'test', sleep: async () => undefined });
});
afterEach(async () => {
  await client.close();
  await server.stop();
});

const github = (more: object = {}) => ({
  GITHUB_ACTIONS: 'true',
  ACTIONS_ID_TOKEN_REQUEST_URL: `${server.url}/token?job=7`,
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'hunter2',
  ...more,
});

describe('the token of the surroundings', () => {
  it('is SIGSTORE_ID_TOKEN first, and none where nothing gives one', async () => {
    expect(await ambientToken(client, github({ SIGSTORE_ID_TOKEN: 'x' }))).toEqual({
      jwt: 'x',
      source: 'SIGSTORE_ID_TOKEN',
    });
    expect(await ambientToken(client, { SIGSTORE_ID_TOKEN: '' })).toBeNull();
    expect(server.asked).toEqual([]);
  });

  it('is asked of GitHub Actions for the audience sigstore, with what the job was given', async () => {
    server.answer = () => ({ body: JSON.stringify({ value: 'a.b.c' }) });
    expect(await ambientToken(client, github())).toEqual({ jwt: 'a.b.c', source: 'GitHub Actions' });
    expect(server.asked).toMatchObject([
      { path: '/token?job=7&audience=sigstore', headers: { authorization: 'Bearer hunter2' } },
    ]);
  });

  it('says what a job lacks that may not ask for one', async () => {
    await expect(ambientToken(client, { GITHUB_ACTIONS: 'true' })).rejects.toThrow(/id-token: write/);
  });

  it('sends the secret to no unprotected address, and repeats it in no message', async () => {
    const elsewhere = github({ ACTIONS_ID_TOKEN_REQUEST_URL: 'http://tokens.example/' });
    await expect(ambientToken(client, elsewhere)).rejects.toThrow(/no https address/);
    server.answer = () => ({ status: 403, body: JSON.stringify({ message: 'no hunter2 here' }) });
    await expect(ambientToken(client, github())).rejects.toThrow(/status 403: no \[secret\] here/);
  });

  it('refuses an answer without a token', async () => {
    for (const body of ['{}', '[]', '{"value":7}', 'x', '{"value":"a","value":"b"}']) {
      server.answer = () => ({ body });
      await expect(ambientToken(client, github())).rejects.toThrow(/does not answer as it should/);
    }
  });
});
