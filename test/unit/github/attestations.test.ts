import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deliveries } from '#db/schema/source.ts';
import { parseAttestationList } from '#lib/github/attestation-list.ts';
import { unpackSnappy } from '#lib/github/snappy.ts';
import { AnswerError } from '#lib/remote/answer-error.ts';
import { RemoteClient } from '#lib/remote/client.ts';
import { storeVersion } from '#lib/services/bundle/record-version.ts';
import { observedManifest } from '#lib/services/source/observed-manifest.ts';
import { pollGithub } from '#lib/services/source/poll-github.ts';
import { AnsweringServer } from '#test/support/answering-server.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { standardsOf } from '#test/support/standards.ts';
import { packSnappy } from './pack-snappy.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures/rekor-index/', import.meta.url));
const read = (path: string) => readFileSync(join(FIXTURES, path));
const standards = standardsOf(read('trusted_root.json'));
const FILES = [
  { path: 'config.json', sha256: '1'.repeat(64) },
  { path: 'weights.bin', sha256: '2'.repeat(64) },
];

describe('unpackSnappy', () => {
  it('gives back what was packed, literals and copies alike', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3000 }), (bytes) => {
        expect(Buffer.from(unpackSnappy(packSnappy(Uint8Array.from(bytes)), 3000))).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('reads a copy that reaches into itself', () => {
    expect(Buffer.from(unpackSnappy(Uint8Array.of(8, 0, 0x61, ((7 - 4) << 2) | 1, 1), 8)).toString()).toBe('aaaaaaaa');
  });

  it('refuses whatever else it is given with one kind of error, and never gives more than it may', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          expect(unpackSnappy(bytes, 1000).length).toBeLessThanOrEqual(1000);
        } catch (error) {
          expect(error).toBeInstanceOf(AnswerError);
        }
      }),
    );
  });

  it.each([
    ['a size beyond the limit', [0xff, 0xff, 0xff, 0xff, 0x0f]],
    ['a copy from before the start', [4, 1, 5]],
    ['a literal that is cut off', [4, 12, 0x61]],
    ['more than it announced', [1, 4, 0x61, 0x61]],
    ['less than it announced', [4, 0, 0x61]],
  ])('refuses a block with %s', (_, bytes) => {
    expect(() => unpackSnappy(Uint8Array.from(bytes), 1000)).toThrow(AnswerError);
  });
});

describe('parseAttestationList', () => {
  it.each([
    '[]',
    '{"attestations":{}}',
    '{"attestations":[5]}',
    '{"attestations":[{"bundle_url":5}]}',
    '{"a":1,"a":2}',
    '',
  ])('refuses %s in one clear error', (text) => {
    expect(() => parseAttestationList(Buffer.from(text))).toThrow(AnswerError);
  });
});

describe('pollGithub', () => {
  let ctx: TestContext;
  let server: AnsweringServer;
  let client: RemoteClient;

  beforeEach(async () => {
    ctx = openContext();
    server = await AnsweringServer.start();
    client = new RemoteClient({ userAgent: 'Modeltrail/test', attempts: 1 });
    ctx.database.db.transaction((tx) =>
      storeVersion(tx, observedManifest('m', FILES), { seenAs: 'observed' }, ctx.now()),
    );
  });
  afterEach(async () => {
    await client.close();
    await server.stop();
    ctx.database.close();
  });

  const look = (memory: unknown = {}) => {
    const source = { name: 'github', github: 'models-example/m', api: server.url, every: 60_000 };
    return pollGithub(ctx, source, standards, client, memory);
  };
  const listed = () => ctx.database.db.select().from(deliveries).all();
  const onlyFor = (digest: string, item: object) => {
    server.answer = ({ path }) =>
      path.includes(`/repos/models-example/m/attestations/sha256:${digest}?`)
        ? { body: JSON.stringify({ attestations: [item] }) }
        : path === '/packed.json.sn'
          ? { body: packSnappy(read('model.sig')) }
          : undefined;
  };

  it('asks for the roots and files that we know, and takes the bundles in the answers', async () => {
    onlyFor('2'.repeat(64), { bundle: JSON.parse(read('model.sig').toString()) as unknown });
    expect((await look()).counts).toMatchObject({ digests: 3, read: 1, accepted: 1 });
    expect(listed()).toMatchObject([{ channel: 'github', outcome: 'accepted' }]);
    expect((await look()).counts).toMatchObject({ read: 0, unchanged: 1 });
  });

  it('fetches bundles that are given by address, packed, once', async () => {
    onlyFor('1'.repeat(64), { bundle: null, bundle_url: `${server.url}/packed.json.sn` });
    expect((await look()).counts).toMatchObject({ accepted: 1 });
    await look();
    expect(server.paths().filter((path) => path.endsWith('.sn'))).toHaveLength(1);
  });

  it.each([
    'http://127.0.0.1:1/x',
    'https://evil.example/x',
    'https://evilblob.core.windows.net.example/x',
    'https://u@a.blob.core.windows.net/',
    'file:///etc/passwd',
    'x',
  ])('does not fetch from %s, and says so', async (address) => {
    onlyFor('1'.repeat(64), { bundle_url: address });
    expect((await look()).counts).toMatchObject({ refused: 1 });
    expect(listed()[0]?.reason).toContain("neither the API's nor GitHub's storage");
  });

  it('asks the rest the next time, and begins again at the end', async () => {
    for (let i = 0; i < 3; i++) {
      ctx.tick(1000);
      const manifest = observedManifest(`m${i}`, [{ path: 'w', sha256: String(i + 3).repeat(64) }]);
      ctx.database.db.transaction((tx) => storeVersion(tx, manifest, { seenAs: 'observed' }, ctx.now()));
    }
    const asked: string[] = [];
    let memory: unknown = {};
    for (let i = 0; i < 5; i++) {
      server.asked.length = 0;
      ({ memory } = await look(memory));
      asked.push(
        server
          .paths()
          .map((path) => /sha256:([0-9a-f])\1{63}/.exec(path)?.[1] ?? '')
          .join(''),
      );
    }
    expect(asked).toEqual(['5', '4', '3', '12', '5'].map((digits) => expect.stringContaining(digits)));
  });

  it('says when no requests are left, and for how long', async () => {
    const reset = String(Math.ceil(Date.now() / 1000) + 600);
    server.answer = () => ({ status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset } });
    await expect(look()).rejects.toMatchObject({ code: 'rate-limited', retryAfter: expect.closeTo(600_000, -4) });
  });
});
