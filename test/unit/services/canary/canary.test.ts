import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { canaries } from '#db/schema/canary.ts';
import { events } from '#db/schema/event.ts';
import { logs } from '#db/schema/log.ts';
import { RemoteClient } from '#lib/remote/client.ts';
import { runCanary } from '#lib/services/canary/run.ts';
import { settleExpected } from '#lib/services/expected/settle.ts';
import { getAttention } from '#lib/services/overview/attention.ts';
import { parseTrustedRoot } from '#lib/sigstore/trusted-root.ts';
import { compileRules } from '#lib/watch/rule.ts';
import { mintCheckpoint, mintEvent, mintLog } from '#test/factories.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { temporaryFolder } from '#test/support/product.ts';
import { MintedServices } from '#test/unit/signing/minted-services.ts';
import { IDENTITY } from '#test/unit/sigstore/mint-bundle.ts';

const HOUR = 3_600_000;
const SETTINGS = { every: 24 * HOUR, within: HOUR };
const OWN = { rule: 'Canary', field: 'san', value: IDENTITY, how: 'exact', own: true } as const;
const RULES = [{ name: 'Canary', own: true, identity: { exact: IDENTITY } }];

const folder = temporaryFolder();
const client = new RemoteClient({ userAgent: 'test', attempts: 1 });
let services: MintedServices;
let ctx: TestContext;

beforeAll(async () => {
  services = await MintedServices.start();
});
afterAll(async () => {
  await services.stop();
  folder.remove();
});
beforeEach(() => {
  ctx = openContext();
  ctx.tick(Date.now() - ctx.now());
});
afterEach(() => ctx.database.close());

function toolsOf({ rules = RULES, token = mintToken() } = {}) {
  const { fulcio, logs, timestampAuthorities } = services.services(2);
  const validFor = { start: '2025-01-01T00:00:00Z' };
  const service = (url: string, majorApiVersion: number) => ({ url, majorApiVersion, validFor });
  const config = join(folder.path, 'signing_config.json');
  writeFileSync(
    config,
    JSON.stringify({
      mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json',
      caUrls: [service(fulcio, 1)],
      rekorTlogUrls: logs.map(({ url }) => service(url, 2)),
      rekorTlogConfig: { selector: 'ANY' },
      tsaUrls: timestampAuthorities.map((url) => service(url, 1)),
      tsaConfig: { selector: 'ANY' },
    }),
  );
  const file = join(folder.path, 'token');
  writeFileSync(file, token);
  return {
    client,
    root: parseTrustedRoot(JSON.stringify(services.sigstore.trustedRoot)),
    matcher: compileRules(rules),
    services: { file: config },
    token: { file },
  };
}

function mintToken(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { iss: 'https://a.example', sub: 'x', email: IDENTITY, email_verified: true, aud: 'sigstore' };
  return `${part({ alg: 'none' })}.${part({ ...claims, exp: Math.floor(Date.now() / 1000) + 600 })}.c2ln`;
}

/** The log that the minted services write to, as it is followed. */
function follow() {
  const [log] = parseTrustedRoot(JSON.stringify(services.sigstore.trustedRoot)).logs.filter(
    ({ api }) => api === 'rekor-v2',
  );
  if (!log) throw new Error('the minted trust root has no Rekor v2 log');
  return mintLog(ctx.database, { origin: log.origin, logId: log.logId });
}

const rows = () => ctx.database.db.select().from(canaries).all();

describe('the self-test', () => {
  it('signs, is accounted for, and sees its own signing come up through the tail', async () => {
    const log = follow();
    await runCanary(ctx, SETTINGS, toolsOf());
    const [canary] = rows();
    expect(canary).toMatchObject({ error: null, seenAt: null, logOrigin: log.origin, logIndex: expect.any(Number) });
    ctx.tick(5000);
    const signed = { digest: canary?.digest, signedAt: ctx.now(), rules: [OWN] };
    const place = { log, checkpoint: mintCheckpoint(ctx.database, log), logIndex: canary?.logIndex ?? -1 };
    const event = mintEvent(ctx.database, place, signed);
    settleExpected(ctx.database.db, { eventIds: [event.id] });
    ctx.tick(1000);
    expect(await runCanary(ctx, SETTINGS, toolsOf())).toMatch(/was seen after 6000 ms/);
    expect(rows()).toMatchObject([{ seenAt: ctx.now(), eventId: event.id }]);
    expect((await getAttention(ctx.database)).unclaimed).toEqual([]);
  });

  it('is not taken in by another entry, another place, or an entry that a bundle alone tells of', async () => {
    const log = follow();
    await runCanary(ctx, SETTINGS, toolsOf());
    const [canary] = rows();
    const checkpoint = mintCheckpoint(ctx.database, log);
    const logIndex = canary?.logIndex ?? -1;
    mintEvent(ctx.database, { log, checkpoint, logIndex: logIndex + 1 }, { digest: canary?.digest });
    const event = mintEvent(ctx.database, { log, checkpoint, logIndex }, { digest: canary?.digest, seenBy: 'bundle' });
    expect(await runCanary(ctx, SETTINGS, toolsOf())).toBeNull();
    ctx.database.db.update(events).set({ seenBy: 'tail', authenticity: 'impersonation' }).run();
    expect(await runCanary(ctx, SETTINGS, toolsOf())).toBeNull();
    expect(event.logIndex).toBe(logIndex);
  });

  it('waits for the whole tree that its entry is part of, which may be forgotten until then', async () => {
    const log = follow();
    await runCanary(ctx, SETTINGS, toolsOf());
    const [canary] = rows();
    const logIndex = canary?.logIndex ?? -1;
    mintEvent(
      ctx.database,
      { log, checkpoint: mintCheckpoint(ctx.database, log), logIndex },
      { digest: canary?.digest },
    );
    ctx.database.db.update(logs).set({ verifiedSize: logIndex }).run();
    expect(await runCanary(ctx, SETTINGS, toolsOf())).toBeNull();
    ctx.database.db
      .update(logs)
      .set({ verifiedSize: logIndex + 1 })
      .run();
    expect(await runCanary(ctx, SETTINGS, toolsOf())).toMatch(/was seen/);
  });

  it('signs again only when its time has come', async () => {
    follow();
    for (const [wait, count] of [
      [0, 1],
      [HOUR, 1],
      [23 * HOUR, 2],
    ] as const) {
      ctx.tick(wait);
      await runCanary(ctx, SETTINGS, toolsOf());
      expect(rows()).toHaveLength(count);
    }
  });

  it.each([
    [
      'nobody looks for its identity',
      () => ({ rules: [{ name: 'x', own: true, identity: { exact: 'b@models.example' } }] }),
      /No watch rule of your own/,
    ],
    [
      'only a rule about others looks for it',
      () => ({ rules: [{ name: 'x', own: false, identity: { exact: IDENTITY } }] }),
      /No watch rule of your own/,
    ],
    ['the token is none', () => ({ token: 'secret!' }), /is no identity token/],
  ])('notes why none could be signed: %s', async (_, change, message) => {
    follow();
    await expect(runCanary(ctx, SETTINGS, toolsOf(change()))).rejects.toThrow(message);
    expect(rows()).toMatchObject([{ error: expect.stringMatching(message), logIndex: null }]);
    expect(JSON.stringify(rows())).not.toContain('secret!');
    ctx.tick(10_000);
    expect(await runCanary(ctx, SETTINGS, toolsOf())).toBeNull(); // not every round again
    expect(rows()).toHaveLength(1);
  });

  it('notes that its log is not followed', async () => {
    await expect(runCanary(ctx, SETTINGS, toolsOf())).rejects.toThrow(/not followed here/);
    expect(rows()).toMatchObject([{ error: expect.stringContaining('not followed') }]);
  });
});
