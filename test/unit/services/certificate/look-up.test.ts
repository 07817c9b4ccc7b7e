import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventCertificates, issuedCertificates, lookedUpEntries } from '#db/schema/certificate.ts';
import { eventMatches, events } from '#db/schema/event.ts';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import { parseLogEntry } from '#lib/rekor-v1/log-entry.ts';
import { RemoteClient } from '#lib/remote/client.ts';
import { certificateSink } from '#lib/services/certificate/certificate-sink.ts';
import { lookUpCertificates } from '#lib/services/certificate/look-up.ts';
import { readEntryBody } from '#lib/sigstore/entry-body.ts';
import { hashLeaf } from '#lib/tlog/hash.ts';
import { normaliseTbs } from '#lib/watch/normalised-tbs.ts';
import { compileRules } from '#lib/watch/rule.ts';
import { mintCheckpoint, mintLog } from '#test/factories.ts';
import { AnsweringServer } from '#test/support/answering-server.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { mintLeaf } from '#test/support/minted-ct.ts';
import { standardsOf } from '#test/support/standards.ts';
import { email, certificate as mintCertificate, uri } from '../../watch/der-builder.ts';

// Recorded from a real Rekor v1: see the README beside the fixtures.
const FIXTURES = fileURLToPath(new URL('../../../fixtures/rekor-index/', import.meta.url));
const read = (path: string) => readFileSync(join(FIXTURES, path));
const { root } = standardsOf(read('trusted_root.json'));
const uuids = JSON.parse(read('retrieve.json').toString()) as string[];
const entries = uuids.map((uuid) => readEntryBody(parseLogEntry(read(`entries/${uuid}.json`), uuid)).verifier.der);
const HOUR = 3_600_000;
const MAILBOXES = ['release-bot@models.example', 'contractor@partner.example'];
const WORKFLOW = 'https://github.com/acme/models/.github/workflows/release.yml@refs/heads/main';
const matcher = compileRules([
  { name: 'people', own: true, identity: { glob: '*@*.example' } },
  { name: 'workflows', own: true, identity: { glob: 'https://**' } },
]);

let ctx: TestContext;
let server: AnsweringServer;
let client: RemoteClient;
/** Whether the server answers questions for any name, as newer ones do. */
let knowsSubjects: boolean;
let logId: number;
let checkpointId: number;

beforeEach(async () => {
  ctx = openContext();
  const log = mintLog(ctx.database, { api: 'ct-rfc6962', origin: 'ct.example' });
  logId = log.id;
  checkpointId = mintCheckpoint(ctx.database, log).id;
  knowsSubjects = false;
  server = await AnsweringServer.start();
  server.answer = ({ path, body }) => {
    if (path !== '/api/v1/index/retrieve') {
      return uuids.some((uuid) => path.endsWith(uuid)) ? { body: read(`entries/${path.slice(-80)}.json`) } : undefined;
    }
    const asked = JSON.parse(body) as Record<string, string>;
    const name = asked.email ?? (knowsSubjects ? asked.subject : undefined) ?? '';
    return { body: MAILBOXES.includes(name) ? read('retrieve.json') : '[]' };
  };
  client = new RemoteClient({ userAgent: 'Modeltrail/test', attempts: 1 });
});
afterEach(async () => {
  await client.close();
  await server.stop();
  ctx.database.close();
});

/** Keeps a certificate as a certificate log would show it before it is issued. */
function issue(der: Uint8Array, index: number, issuedAt = ctx.now()): void {
  const bytes = mintLeaf(normaliseTbs(der, 'certificate'), { timestamp: issuedAt, issuerKeyHash: new Uint8Array(32) });
  const entry = {
    index,
    bytes,
    leafHash: hashLeaf(bytes, nodeSha256),
    proof: async () => ({ head: null, size: 1, hashes: [] }),
  };
  const place = { logId, origin: 'ct.example', checkpointId, treeSize: 1, seenAt: ctx.now(), checks: [] };
  const pending = certificateSink(ctx, { matcher }).take(entry, { head: null, size: 1, hashes: [] }, place);
  ctx.database.db.transaction((tx) => pending.store(tx));
}

const look = (requests?: number) =>
  lookUpCertificates(ctx, {
    servers: [server.url],
    root,
    matcher,
    client,
    after: HOUR,
    ...(requests !== undefined && { requests }),
  });
const states = () =>
  ctx.database.db
    .select()
    .from(issuedCertificates)
    .orderBy(issuedCertificates.logIndex)
    .all()
    .map(({ state }) => state);
const certificateOf = (san: Uint8Array) => mintCertificate({ sans: [san] });

describe('lookUpCertificates', () => {
  it('finds, proves and keeps the entry that a certificate was used for', async () => {
    for (const [i, der] of entries.entries()) issue(der, i);
    expect(states()).toEqual(['waiting', 'waiting']);
    expect(await look()).toMatchObject({ entries: 2 });
    expect(states()).toEqual(['used', 'used']);
    const found = ctx.database.db.select().from(events).all();
    expect(found).toHaveLength(2);
    for (const event of found) {
      expect(event).toMatchObject({ seenBy: 'index', authenticity: 'verified', claim: 'unclaimed', undecided: null });
    }
    expect(ctx.database.db.select().from(eventMatches).all()).toHaveLength(2);
    expect(ctx.database.db.select().from(eventCertificates).all()).toMatchObject([
      { state: 'in-ct', certificate: null },
      { state: 'in-ct', certificate: null },
    ]);
  });

  it('looks at each entry once, whatever name it is named for', async () => {
    for (const [i, der] of entries.entries()) issue(der, i);
    issue(certificateOf(email('release-bot@models.example')), 7);
    await look();
    expect(server.paths().filter((path) => path.includes('/entries/'))).toHaveLength(2);
    ctx.tick(HOUR);
    server.asked.length = 0;
    await look();
    expect(server.paths()).toEqual(['/api/v1/index/retrieve']);
  });

  it('asks for a name again after growing waits, and not before', async () => {
    issue(certificateOf(email('nobody@models.example')), 1);
    const asked = async () => (await look()).asked;
    expect(await asked()).toBe(1);
    expect(await asked()).toBe(0);
    ctx.tick(60_000);
    expect(await asked()).toBe(1);
    ctx.tick(60_000);
    expect(await asked()).toBe(0);
    ctx.tick(60_000);
    expect(await asked()).toBe(1);
    // Whatever the wait: once its time is up, one more look decides.
    ctx.tick(HOUR - 180_000);
    expect(await asked()).toBe(1);
    ctx.tick(1000);
    expect(await asked()).toBe(0);
  });

  it('makes no more requests than it may, and goes on with what is left in the next round', async () => {
    for (const [i, der] of entries.entries()) issue(der, i);
    expect(await look(2)).toEqual({ requests: 2, entries: 1, asked: 1 });
    expect(server.asked).toHaveLength(2);
    expect(states()).toContain('waiting');
    await look();
    expect(states()).toEqual(['used', 'used']);
  });

  it('does not take the silence of a server for an answer that does not know the question', async () => {
    for (const [i, der] of entries.entries()) issue(der, i);
    issue(certificateOf(uri(WORKFLOW)), 7);
    await look();
    expect(states()).toEqual(['used', 'used', 'waiting']);
    ctx.tick(HOUR);
    await look();
    expect(states()).toEqual(['used', 'used', 'not-covered']);
    const controls = MAILBOXES.map((subject) => JSON.stringify({ subject }));
    expect(server.asked.some(({ body }) => controls.includes(body))).toBe(true);
  });

  it('takes the silence of a server that knows the question for what it is', async () => {
    knowsSubjects = true;
    for (const [i, der] of entries.entries()) issue(der, i);
    issue(certificateOf(uri(WORKFLOW)), 7);
    await look();
    ctx.tick(HOUR);
    await look();
    expect(states()).toEqual(['used', 'used', 'waiting']);
    const [row] = ctx.database.db.select().from(issuedCertificates).where(eq(issuedCertificates.logIndex, 7)).all();
    expect(row?.lookedUpAt).toBe(ctx.now());
  });

  it('believes no entry that is not proved, and looks at it again another day', async () => {
    const answer = server.answer;
    server.answer = (request) => {
      const given = answer(request);
      if (!request.path.includes('/entries/') || !given) return given;
      return { body: String(given.body).replace(/"rootHash":"[0-9a-f]{8}/, '"rootHash":"00000000') };
    };
    for (const [i, der] of entries.entries()) issue(der, i);
    await look();
    expect(states()).toEqual(['waiting', 'waiting']);
    expect(ctx.database.db.select().from(lookedUpEntries).all()).toMatchObject([
      { state: 'refused' },
      { state: 'refused' },
    ]);
    // One of them may be the one: nothing can be held against anybody.
    ctx.tick(HOUR);
    await look();
    expect(states()).toEqual(['not-covered', 'not-covered']);
    ctx.database.db.update(issuedCertificates).set({ state: 'waiting' }).run();
    server.answer = answer;
    ctx.tick(25 * HOUR);
    await look();
    expect(states()).toEqual(['used', 'used']);
  });

  it('ends the round where a server answers nothing, and accuses nobody for it', async () => {
    server.answer = () => ({ status: 503 });
    for (let i = 0; i < 5; i++) issue(certificateOf(email(`person-${i}@models.example`)), i);
    await expect(look()).rejects.toThrow('503');
    expect(server.asked).toHaveLength(3);
    expect(new Set(states())).toEqual(new Set(['waiting']));
    expect(
      ctx.database.db
        .select()
        .from(issuedCertificates)
        .all()
        .every(({ lookedUpAt }) => lookedUpAt === null),
    ).toBe(true);
  });

  it('comes to every name, however many before it are never answered', async () => {
    const { answer } = server;
    server.answer = (asked) => (asked.body.includes('never-answered') ? { status: 503 } : answer(asked));
    for (let i = 0; i < 3; i++) issue(certificateOf(email(`never-answered-${i}@models.example`)), i);
    for (const [i, der] of entries.entries()) issue(der, 3 + i);
    await expect(look()).rejects.toThrow('503');
    ctx.tick(1);
    await look().catch(() => {});
    expect(states().slice(3)).toEqual(['used', 'used']);
  });
});
