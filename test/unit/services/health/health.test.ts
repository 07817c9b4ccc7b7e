import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '#db/client.ts';
import { createDatabase } from '#db/migrate.ts';
import { canaries } from '#db/schema/canary.ts';
import { jobRuns } from '#db/schema/job.ts';
import { sourceStates, trustRoots } from '#db/schema/source.ts';
import type { HealthCheck } from '#lib/services/health/check.ts';
import { getHealth } from '#lib/services/health/get.ts';
import { checkStorage, readStorage } from '#lib/services/health/storage-checks.ts';
import { MINT_TIME, mintCheckpoint, mintCoverage, mintFault, mintLog } from '#test/factories.ts';
import { mintConfiguration, mintJobs } from '#test/state-factories.ts';
import { MintedSigstore } from '#test/unit/sigstore/mint-bundle.ts';

const NOW = MINT_TIME + 60_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ORIGIN = 'log.example';

let database: OpenDatabase;

beforeEach(() => {
  database = createDatabase(':memory:');
});
afterEach(() => database.close());

const inForce = (health: object = {}, logs: object = {}) =>
  JSON.stringify({ logs: { freshness: 15 * MINUTE, list: [], ...logs }, health, watch: [], sources: [] });

/** A database in which all is well. */
function mintWell({ log = {}, health = {}, logs = {} }: { log?: object; health?: object; logs?: object } = {}) {
  const state = { trustSource: 'tuf', trustLoadedAt: NOW - HOUR, trustExpiresAt: NOW + 100 * HOUR };
  mintConfiguration(database, { inForce: inForce(health, logs), ...state });
  mintJobs(database, NOW);
  const row = mintLog(database, { origin: ORIGIN, ...log });
  mintCoverage(database, row, 0, row.verifiedSize);
  return row;
}

async function troubles(now = NOW): Promise<HealthCheck[]> {
  return (await getHealth(database, { now })).checks.filter(({ state }) => state !== 'ok');
}

const told = (checks: readonly HealthCheck[]) => checks.map(({ name, state }) => `${name} ${state}`);

describe('health', () => {
  it('is ok while everything that must work does, and says of each thing that it does', async () => {
    mintWell();
    const { state, checks } = await getHealth(database, { now: NOW });
    expect(state).toBe('ok');
    expect(checks.map(({ name }) => name)).toEqual(['jobs', 'configuration', 'settings', 'log', 'coverage', 'trust']);
    expect(checks.every(({ what, mend }) => what.endsWith('.') && mend === null)).toBe(true);
  });

  it('fails on a database on which nothing ever ran', async () => {
    expect(told(await troubles())).toEqual(['jobs failing', 'log failing', 'trust failing']);
  });

  it.each([
    ['no good answer for longer than the objective', { lastSuccessAt: NOW - 16 * MINUTE }, ['log failing']],
    ['no good answer ever, since long ago', { lastSuccessAt: null, createdAt: NOW - HOUR }, ['log failing']],
    ['no good answer yet, since a moment ago', { lastSuccessAt: null, createdAt: NOW - MINUTE }, []],
    ['an answer just within the objective', { lastSuccessAt: NOW - 15 * MINUTE }, []],
    ['frozen', { state: 'frozen' }, ['log failing']],
    ['removed, whatever else', { state: 'removed', lastSuccessAt: 0 }, ['log failing']],
    ['a backlog, but fresh', { observedSize: 5000 }, []],
    ['nothing missing from its start on', { verifiedSize: 1000, startIndex: 500 }, []],
    ['a mirror that stands still', { mirrorProblem: 'its limit is reached.' }, ['mirror degraded']],
  ] as const)('of a log with %s', async (_, log, expected) => {
    mintWell({ log });
    expect(told(await troubles())).toEqual(expected);
  });

  it('measures a log by its own objective where it has one', async () => {
    mintWell({ log: { lastSuccessAt: NOW - 2 * MINUTE }, logs: { list: [{ origin: ORIGIN, freshness: MINUTE }] } });
    const [log] = await troubles();
    expect(log).toMatchObject({ name: 'log', state: 'failing', subject: ORIGIN, since: NOW - 2 * MINUTE });
    expect(log?.what).toBe('The last good answer of log.example is 2 min old, and may be 1 min.');
  });

  it('only degrades while a tail that has not answered for long is at work on its backlog, and says how long yet', async () => {
    mintWell({ log: { lastSuccessAt: NOW - HOUR, observedSize: 25_000, rate: 100 } });
    database.db
      .insert(jobRuns)
      .values({ name: `tail ${ORIGIN}`, startedAt: NOW - HOUR, finishedAt: NOW - 2 * HOUR })
      .run();
    const [log] = await troubles();
    expect(log).toMatchObject({ state: 'degraded' });
    expect(log?.what).toContain('with 24,000 entries to read at 100 a second, about 4 min');
  });

  it('tells of faults with their words, written so that they hide nothing', async () => {
    const log = mintWell();
    mintFault(database, log, { message: 'It said \u202eno.', count: 3, firstAt: NOW - 5 });
    const [check] = await troubles();
    expect(check).toMatchObject({ state: 'degraded', since: NOW - 5 });
    expect(check?.what).toContain('It said \\u{202e}no. (3 times)');
  });

  it('finds every hole between where a log was taken up and what is verified', async () => {
    mintConfiguration(database, { inForce: inForce(), trustLoadedAt: NOW });
    mintJobs(database, NOW);
    const log = mintLog(database, { origin: ORIGIN, startIndex: 100, verifiedSize: 1000 });
    mintCoverage(database, log, 0, 50); // of a search of the past, which is not done yet
    mintCoverage(database, log, 100, 300);
    mintCoverage(database, log, 400, 900);
    const [gap] = await troubles();
    expect(gap).toMatchObject({ name: 'coverage', state: 'degraded' });
    expect(gap?.what).toContain('the entries 300 to 399 and 1 further range');
  });

  it('goes by the time that a head states itself, where it has one', async () => {
    const log = mintWell({ log: { api: 'rekor-v1', origin: 'rekor.example - 1' } });
    const note = (at: number) =>
      `rekor.example - 1\n1000\nAAAA\nTimestamp: ${BigInt(at) * 1_000_000n}\n\n— rekor.example AAAAAAAA\n`;
    mintCheckpoint(database, log, { note: note(NOW - HOUR), firstSeenAt: NOW - 10 });
    const [check] = await troubles();
    expect(check).toMatchObject({ state: 'failing', since: NOW - HOUR });
    expect(check?.what).toContain('still shows a head that it dated 1 h ago');
    mintCheckpoint(database, log, { note: note(NOW - MINUTE), firstSeenAt: NOW - 5, noteSha256: 'b' });
    expect(await troubles()).toEqual([]);
  });

  it.each([
    ['shipped', { trustSource: 'tuf-seed' }, 'shipped with the software'],
    ['run out', { trustExpiresAt: NOW - HOUR }, 'ran out 1 h ago'],
    ['not refreshed for a day', { trustLoadedAt: NOW - 25 * HOUR, trustExpiresAt: null }, 'last refreshed 1 d 1 h ago'],
  ])('degrades with a trust root that is %s', async (_, state, words) => {
    mintConfiguration(database, { inForce: inForce(), trustSource: 'tuf', trustLoadedAt: NOW, ...state });
    mintJobs(database, NOW);
    mintCoverage(database, mintLog(database, { origin: ORIGIN }), 0, 1000);
    const [trust] = await troubles();
    expect(trust).toMatchObject({ name: 'trust', state: 'degraded', what: expect.stringContaining(words) });
  });

  it('degrades with failed jobs, failing sources and a refused configuration; the ping itself is no reason', async () => {
    const { db } = database;
    mintConfiguration(database, { inForce: inForce(), trustLoadedAt: NOW, refused: 'line 3', refusedAt: NOW - 9 });
    mintJobs(database, NOW);
    mintCoverage(database, mintLog(database, { origin: ORIGIN }), 0, 1000);
    for (const name of ['back up', 'ping', 'scan hub', `tail ${ORIGIN}`]) {
      db.insert(jobRuns).values({ name, startedAt: 1, finishedAt: 2, error: 'no room' }).run();
    }
    db.insert(sourceStates).values({ name: 'hub', kind: 'folder', location: './hub', error: 'gone' }).run();
    expect(told(await troubles())).toEqual(['job degraded', 'configuration degraded', 'source degraded']);
    expect((await getHealth(database, { now: NOW })).state).toBe('degraded');
  });
});

describe('the canary', () => {
  const every = 24 * HOUR;
  const within = 15 * MINUTE;
  const mint = (...rows: readonly Partial<typeof canaries.$inferInsert>[]) => {
    mintWell({ health: { canary: { every, within } } });
    for (const row of rows) {
      const signed = { digest: 'ab', signedAt: NOW - HOUR, logOrigin: ORIGIN, logIndex: 7, ...row };
      database.db.insert(canaries).values(signed).run();
    }
  };

  it.each([
    ['none yet', [], null],
    ['seen in time', [{ seenAt: NOW - HOUR + 5000 }], null],
    [
      'on its way, after one that was seen',
      [{ signedAt: NOW - MINUTE }, { signedAt: NOW - 3 * HOUR, seenAt: NOW - 3 * HOUR + 1 }],
      null,
    ],
    ['on its way, after one that was not seen', [{ signedAt: NOW - MINUTE }, {}], 'failing'],
    ['not seen', [{}], 'failing'],
    ['seen too late', [{ seenAt: NOW - HOUR + 16 * MINUTE }], 'failing'],
    ['not signed', [{ error: 'no token' }], 'degraded'],
    ['none for too long', [{ signedAt: NOW - 25 * HOUR, seenAt: NOW - 25 * HOUR + 1 }], 'degraded'],
  ] as const)('%s', async (_, rows, state) => {
    mint(...rows);
    expect(told(await troubles())).toEqual(state === null ? [] : [`canary ${state}`]);
  });
});

describe('the disk', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'health-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const storage = { isWritable: true, freeBytes: 5e9, lastBackUpAt: NOW - HOUR };

  it.each([
    ['room and a backup', storage, ['ok', 'ok']],
    ['little room', { ...storage, freeBytes: 5e8 }, ['degraded', 'ok']],
    ['no room', { ...storage, freeBytes: 5e7 }, ['failing', 'ok']],
    ['no right to write', { ...storage, isWritable: false }, ['failing', 'ok']],
    ['an old backup', { ...storage, lastBackUpAt: NOW - 60 * HOUR }, ['ok', 'degraded']],
    ['no backup, though it is old', { ...storage, lastBackUpAt: null }, ['ok', 'degraded']],
  ])('with %s', (_, given, states) => {
    expect(checkStorage(given, NOW - 60 * HOUR, NOW).map(({ state }) => state)).toEqual(states);
  });

  it('of a new database needs no backup yet', () => {
    const checks = checkStorage({ ...storage, lastBackUpAt: null }, NOW - HOUR, NOW);
    expect(checks.map(({ state }) => state)).toEqual(['ok', 'ok']);
  });

  it('is looked at where the database is, with its newest whole backup', () => {
    const file = createDatabase(join(folder, 'a.db'));
    mkdirSync(join(folder, 'backups'));
    for (const [name, at] of [
      ['modeltrail-2026-03-11.db', 1000],
      ['modeltrail-2026-03-12.db', 2000],
      ['modeltrail-2026-03-13.db.partial', 3000],
    ] as const) {
      writeFileSync(join(folder, 'backups', name), '');
      utimesSync(join(folder, 'backups', name), at, at);
    }
    expect(readStorage(file)).toMatchObject({ isWritable: true, lastBackUpAt: 2_000_000 });
    expect(readStorage(database)).toBeNull();
    file.close();
  });

  it('shows logs that signers write to and that no key is trusted for, as TUF left the signing configuration', async () => {
    const json = Buffer.from(JSON.stringify(new MintedSigstore().trustedRoot));
    database.db.insert(trustRoots).values({ sha256: 'cd', json, firstUsedAt: 0 }).run();
    const config = { database: join(folder, 'a.db'), trust: { tuf: { mirror: 'https://tuf.example/x/' } } };
    mintConfiguration(database, {
      inForce: JSON.stringify({ ...config, logs: {}, health: {} }),
      trustSha256: 'cd',
      trustLoadedAt: NOW,
    });
    mintJobs(database, NOW);
    mintCoverage(database, mintLog(database, { origin: ORIGIN }), 0, 1000);
    const targets = join(folder, 'tuf', 'tuf.example%2Fx', 'targets');
    mkdirSync(targets, { recursive: true });
    writeFileSync(
      join(targets, 'signing_config.v0.2.json'),
      JSON.stringify({
        mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json',
        rekorTlogUrls: [
          { url: 'https://new.log.example', majorApiVersion: 2, validFor: { start: '2025-01-01T00:00:00Z' } },
        ],
      }),
    );
    const [spot, ...more] = await troubles();
    expect(more).toEqual([]);
    expect(spot).toMatchObject({ name: 'blind-spot', state: 'degraded', subject: 'https://new.log.example' });
    expect(spot?.what).toContain('which no log of the trust root covers: a blind spot');
  });
});
