import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RemoteClient } from '#lib/remote/client.ts';
import { loadServices } from '#lib/signing/load-services.ts';
import { writeRekorV1 } from '#lib/signing/rekor-v1.ts';
import { writeRekorV2 } from '#lib/signing/rekor-v2.ts';
import { requestTimestamp } from '#lib/signing/timestamp-authority.ts';
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

const UUID = 'ab'.repeat(40);
const body = Buffer.from(JSON.stringify({ kind: 'dsse', apiVersion: '0.0.1', spec: {} })).toString('base64');
const entry = {
  body,
  integratedTime: 1_780_000_000,
  logID: 'cd'.repeat(32),
  logIndex: 7,
  verification: {
    inclusionProof: {
      checkpoint: 'note',
      hashes: ['ef'.repeat(32)],
      logIndex: 5,
      rootHash: '12'.repeat(32),
      treeSize: 9,
    },
    signedEntryTimestamp: 'c2V0',
  },
};
const proposed = { kind: 'dsse', envelope: '{}', certificatePem: 'pem' } as const;

describe('an entry of Rekor v1', () => {
  it('is given in the form of bundles', async () => {
    server.answer = () => ({ status: 201, body: JSON.stringify({ [UUID]: entry }) });
    expect(await writeRekorV1(client, server.url, proposed)).toMatchObject({
      logIndex: '7',
      logId: { keyId: Buffer.from('cd'.repeat(32), 'hex').toString('base64') },
      kindVersion: { kind: 'dsse', version: '0.0.1' },
      integratedTime: '1780000000',
      inclusionPromise: { signedEntryTimestamp: 'c2V0' },
      inclusionProof: { logIndex: '5', treeSize: '9', checkpoint: { envelope: 'note' } },
      canonicalizedBody: body,
    });
  });

  it('that is in the log already is fetched from the same server, wherever the answer points', async () => {
    server.answer = ({ method }) =>
      method === 'POST'
        ? { status: 409, headers: { location: `https://elsewhere.example/api/v1/log/entries/${UUID}` } }
        : { body: JSON.stringify({ [UUID]: entry }) };
    expect(await writeRekorV1(client, server.url, proposed)).toMatchObject({ logIndex: '7' });
    expect(server.paths()).toEqual(['/api/v1/log/entries', `/api/v1/log/entries/${UUID}`]);
    server.answer = () => ({ status: 409, headers: { location: '/x/../../secret' } });
    await expect(writeRekorV1(client, server.url, proposed)).rejects.toThrow(/does not say where/);
  });

  it('that is none is refused, and the log is named', async () => {
    for (const answer of ['{}', '[]', '{"a":{}}', JSON.stringify({ a: { ...entry, body: 'no' } }), 'x']) {
      server.answer = () => ({ status: 201, body: answer });
      await expect(writeRekorV1(client, server.url, proposed)).rejects.toThrow(
        /The transparency log .* does not answer/,
      );
    }
  });
});

describe('the other services', () => {
  it('of Rekor v2 get the digest of what is signed, and their own words are told', async () => {
    const signed = { digest: Buffer.alloc(32, 1), signature: Buffer.alloc(8, 2), certificate: Buffer.alloc(8, 3) };
    server.answer = () => ({ status: 400, body: JSON.stringify({ message: 'invalid type' }) });
    await expect(writeRekorV2(client, server.url, signed)).rejects.toThrow(/status 400: invalid type/);
    expect(JSON.parse(server.asked[0]?.body ?? '')).toMatchObject({
      hashedRekordRequestV002: { digest: signed.digest.toString('base64') },
    });
  });

  it('of timestamps get the SHA-256 of the signature, at the path that the configuration names', async () => {
    server.answer = () => ({ headers: { 'content-type': 'application/timestamp-reply' }, body: 'reply' });
    const signature = Buffer.from('signature');
    expect((await requestTimestamp(client, server.url, signature)).toString()).toBe('reply');
    await requestTimestamp(client, `${server.url}/tsr`, signature);
    expect(server.paths()).toEqual(['/api/v1/timestamp', '/tsr']);
    server.answer = () => ({ headers: { 'content-type': 'text/html' }, body: 'reply' });
    await expect(requestTimestamp(client, server.url, signature)).rejects.toThrow(/something else than a timestamp/);
  });

  it('are all there, with a timestamp where the log states no time', async () => {
    const named = {
      fulcio: 'https://f.example/',
      log: { url: 'https://r.example', api: 1 as const },
      timestampAuthorities: null,
    };
    expect(await loadServices(null, named, 0)).toEqual({
      fulcio: 'https://f.example',
      logs: [{ url: 'https://r.example', api: 1 }],
      timestampAuthorities: [],
      issuer: null,
    });
    const v2 = { ...named, log: { url: 'https://r.example', api: 2 as const } };
    await expect(loadServices(null, v2, 0)).rejects.toThrow(/--tsa-url/);
    await expect(loadServices(null, { ...named, fulcio: 'http://f.example' }, 0)).rejects.toThrow(/--fulcio-url/);
    await expect(loadServices({ file: '/none' }, named, 0)).rejects.toThrow(/cannot be read/);
  });
});
