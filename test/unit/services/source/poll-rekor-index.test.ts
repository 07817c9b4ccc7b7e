import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { events } from '#db/schema/event.ts';
import { indexHits } from '#db/schema/source.ts';
import { RemoteClient } from '#lib/remote/client.ts';
import { ingestBundle } from '#lib/services/bundle/ingest.ts';
import { storeVersion } from '#lib/services/bundle/record-version.ts';
import { observedManifest } from '#lib/services/source/observed-manifest.ts';
import { pollRekorIndex } from '#lib/services/source/poll-rekor-index.ts';
import { compileRules } from '#lib/watch/rule.ts';
import { AnsweringServer } from '#test/support/answering-server.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { standardsOf } from '#test/support/standards.ts';

// Recorded from a real Rekor v1: see the README beside the fixtures.
const FIXTURES = fileURLToPath(new URL('../../../fixtures/rekor-index/', import.meta.url));
const read = (path: string) => readFileSync(join(FIXTURES, path));
const standards = standardsOf(read('trusted_root.json'));
const uuids = JSON.parse(read('retrieve.json').toString()) as string[];
const [first = '', second = ''] = uuids;
const ROOT = '08c6c8d5cb502fba61d315f19a2c4de2c844dc41c63c39ed13d4939321bc6fc5';
/** The files of northwind-late, as anybody who holds them hashes them. */
const FILES = ['config.json', 'weights.bin'].map((path) => ({
  path,
  sha256: hash('sha256', read(`northwind-late/${path}`)),
}));
const matcher = compileRules([{ name: 'partner', own: false, identity: { exact: 'contractor@partner.example' } }]);

let ctx: TestContext;
let server: AnsweringServer;
let client: RemoteClient;

beforeEach(async () => {
  ctx = openContext();
  server = await AnsweringServer.start();
  server.answer = ({ path, body }) => {
    if (path === '/api/v1/index/retrieve') return { body: body.includes(ROOT) ? read('retrieve.json') : '[]' };
    return uuids.some((uuid) => path.endsWith(uuid)) ? { body: read(`entries/${path.slice(-80)}.json`) } : undefined;
  };
  client = new RemoteClient({ userAgent: 'Modeltrail/test', attempts: 1 });
});
afterEach(async () => {
  await client.close();
  await server.stop();
  ctx.database.close();
});

const observe = () =>
  ctx.database.db.transaction((tx) =>
    storeVersion(tx, observedManifest('northwind-late', FILES), { seenAs: 'observed' }, ctx.now()),
  );
const look = (memory: unknown = {}) =>
  pollRekorIndex(ctx, { name: 'rekor', rekorIndex: server.url, every: 900_000 }, standards, matcher, client, memory);
const hits = () => ctx.database.db.select().from(indexHits).all();
const signings = () => ctx.database.db.select().from(events).all();

describe('pollRekorIndex', () => {
  it('finds the signings of a model whose bundles nobody sent, and proves who signed and when', async () => {
    observe();
    expect((await look()).counts).toMatchObject({ read: 2, verified: 2, refused: 0 });
    expect(hits()).toMatchObject([
      { root: ROOT, entryUuid: first, state: 'verified' },
      { root: ROOT, entryUuid: second, state: 'verified' },
    ]);
    expect(
      signings()
        .map(({ san }) => san)
        .sort(),
    ).toEqual(['contractor@partner.example', 'release-bot@models.example']);
    for (const { authenticity, claim, seenBy, signedAtSource, inclusionProof } of signings()) {
      expect({ authenticity, claim, seenBy, signedAtSource }).toEqual({
        authenticity: 'verified',
        claim: 'probable',
        seenBy: 'index',
        signedAtSource: 'integrated-time',
      });
      expect(inclusionProof).toHaveLength(32);
    }
  });

  it('does not fetch again what it has proved', async () => {
    observe();
    const { memory } = await look();
    server.asked.length = 0;
    expect((await look(memory)).counts).toMatchObject({ read: 0, unchanged: 2 });
    expect(new Set(server.paths())).toEqual(new Set(['/api/v1/index/retrieve']));
  });

  it('makes no second event of an entry whose bundle is here, and makes the event a model when the bundle comes later', async () => {
    observe();
    await look();
    expect(ingestBundle(ctx, read('model.sig'), standards)).toMatchObject({ outcome: 'accepted' });
    expect(signings()).toHaveLength(2);
    expect(signings().find(({ san }) => san === 'release-bot@models.example')).toMatchObject({ claim: 'model' });
    ctx.database.db.delete(indexHits).run();
    expect((await look()).counts).toMatchObject({ verified: 1, known: 1 });
    expect(signings()).toHaveLength(2);
  });

  it('names the event of an entry as its bundle does, so that two monitors speak of the same one', async () => {
    ingestBundle(ctx, read('model.sig'), standards);
    const [ofBundle] = signings();
    ctx.database.close();
    ctx = openContext();
    observe();
    await look();
    expect(signings().find(({ san }) => san === 'release-bot@models.example')?.id).toBe(ofBundle?.id);
  });

  it.each([
    [
      'another body',
      (entry: Entry) => ({ ...entry, body: swapByte(entry.body) }),
      /leaf hash|canonical|cannot be read/,
    ],
    ['another time', (entry: Entry) => ({ ...entry, integratedTime: entry.integratedTime + 60 }), /promise/],
    [
      'another place in the tree',
      (entry: Entry) => withProof(entry, { logIndex: entry.verification.inclusionProof.logIndex === 0 ? 1 : 0 }),
      /does not lead/,
    ],
    [
      'another root hash',
      (entry: Entry) => withProof(entry, { rootHash: '00'.repeat(32) }),
      /not that of the signed checkpoint/,
    ],
    [
      'no signed timestamp',
      ({ verification: { inclusionProof }, ...entry }: Entry) => ({ ...entry, verification: { inclusionProof } }),
      /not proved/,
    ],
  ])('refuses an entry with %s, and says why', async (_, change, reason) => {
    observe();
    const honest = server.answer;
    server.answer = (request) => {
      if (!request.path.endsWith(first)) return honest(request);
      const [[uuid, entry] = []] = Object.entries(JSON.parse(read(`entries/${first}.json`).toString()) as Entries);
      return { body: JSON.stringify({ [uuid ?? '']: entry && change(entry) }) };
    };
    expect((await look()).counts).toMatchObject({ verified: 1, refused: 1 });
    expect(hits().find(({ entryUuid }) => entryUuid === first)).toMatchObject({ state: 'refused', eventId: null });
    expect(hits().find(({ entryUuid }) => entryUuid === first)?.reason).toMatch(reason);
    expect(signings()).toHaveLength(1);
  });

  it('refuses another entry of the log in place of the one that the index named', async () => {
    observe();
    const honest = server.answer;
    server.answer = (request) =>
      request.path.endsWith(first) ? { body: read(`entries/${second}.json`) } : honest(request);
    await look();
    expect(hits().find(({ entryUuid }) => entryUuid === first)?.reason).toContain('was asked for, and the log gave');
  });

  it('refuses the entries of a log that the trust root does not have', async () => {
    observe();
    const without = JSON.parse(read('trusted_root.json').toString()) as { tlogs: unknown[] };
    const other = standardsOf(Buffer.from(JSON.stringify({ ...without, tlogs: without.tlogs.slice(1) })));
    const source = { name: 'rekor', rekorIndex: server.url, every: 900_000 };
    expect((await pollRekorIndex(ctx, source, other, matcher, client, {})).counts).toMatchObject({ refused: 2 });
    expect(signings()).toEqual([]);
  });

  it('goes on with the other models where the index cannot answer for one', async () => {
    observe();
    const other = observedManifest('other', [{ path: 'w', sha256: '7'.repeat(64) }]);
    ctx.database.db.transaction((tx) => storeVersion(tx, other, { seenAs: 'observed' }, ctx.now()));
    const honest = server.answer;
    server.answer = (request) => (request.body.includes(other.root) ? { body: '[1]' } : honest(request));
    expect((await look()).counts).toMatchObject({ roots: 2, verified: 2, skipped: 1 });
  });

  it.each([['{}'], ['["zz"]'], ['[1]'], ['[']])('takes no answer of the index such as %s', async (body) => {
    observe();
    server.answer = () => ({ body });
    await expect(look()).rejects.toThrow(/index's answer/);
  });
});

interface Entry {
  readonly body: string;
  readonly integratedTime: number;
  readonly verification: {
    readonly inclusionProof: { readonly logIndex: number };
    readonly signedEntryTimestamp: string;
  };
}
type Entries = Readonly<Record<string, Entry>>;

function withProof(entry: Entry, changed: object) {
  const { inclusionProof } = entry.verification;
  return { ...entry, verification: { ...entry.verification, inclusionProof: { ...inclusionProof, ...changed } } };
}

function swapByte(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  const at = bytes.indexOf('payloadHash') + 40;
  bytes[at] = bytes[at] === 0x61 ? 0x62 : 0x61;
  return bytes.toString('base64');
}
