import { beforeEach, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '#db/client.ts';
import { createDatabase } from '#db/migrate.ts';
import type { EventFilter } from '#lib/services/event/filter.ts';
import { countEvents, type EventPlace, listEvents } from '#lib/services/event/list.ts';
import { type CheckpointRow, type LogRow, MINT_TIME, mintCheckpoint, mintEvent, mintLog } from '#test/factories.ts';
import { mintBundle, mintModel, mintVersion } from '#test/model-factories.ts';

let database: OpenDatabase;
let log: LogRow;
let checkpoint: CheckpointRow;
let next = 0;

beforeEach(() => {
  database = createDatabase(':memory:');
  log = mintLog(database);
  checkpoint = mintCheckpoint(database, log);
  next = 0;
});

function mint(overrides: Parameters<typeof mintEvent>[2] = {}) {
  return mintEvent(database, { log, checkpoint, logIndex: next++ }, overrides);
}

async function idsFor(filter: EventFilter): Promise<string[]> {
  const { events } = await listEvents(database, { filter, limit: 200 });
  expect(await countEvents(database, { filter, upTo: 1000 })).toBe(events.length);
  return events.map(({ id }) => id);
}

describe('paging through events', () => {
  it('meets every event once, newest first, though many share a time', async () => {
    const minted = Array.from({ length: 23 }, (_, i) => mint({ signedAt: MINT_TIME + Math.floor(i / 6) * 1000 }));
    const seen: string[] = [];
    let olderThan: EventPlace | null = null;
    do {
      const page: Awaited<ReturnType<typeof listEvents>> = await listEvents(database, {
        filter: {},
        limit: 5,
        ...(olderThan ? { olderThan } : {}),
      });
      seen.push(...page.events.map(({ id }) => id));
      olderThan = page.older;
    } while (olderThan);
    expect(seen.toSorted()).toEqual(minted.map(({ id }) => id).sort());
    const order = new Map(minted.map(({ id, occurredAt }) => [id, occurredAt]));
    expect(seen.map((id) => order.get(id))).toEqual(
      seen.map((id) => order.get(id)).toSorted((a, b) => Number(b) - Number(a)),
    );
  });

  it('goes back to the page that it came from', async () => {
    for (let i = 0; i < 12; i++) mint({ signedAt: MINT_TIME + i });
    const first = await listEvents(database, { filter: {}, limit: 5 });
    const second = await listEvents(database, {
      filter: {},
      limit: 5,
      olderThan: first.older ?? { occurredAt: 0, id: '' },
    });
    const back = await listEvents(database, {
      filter: {},
      limit: 5,
      newerThan: second.newer ?? { occurredAt: 0, id: '' },
    });
    expect(back.events).toEqual(first.events);
    expect(first.newer).toBeNull();
    expect(back.newer).toBeNull();
    expect(back.older).toEqual(first.older);
  });

  it('does not move when newer events arrive in between', async () => {
    for (let i = 0; i < 8; i++) mint({ signedAt: MINT_TIME + i });
    const first = await listEvents(database, { filter: {}, limit: 4 });
    mint({ signedAt: MINT_TIME + 100 });
    const second = await listEvents(database, {
      filter: {},
      limit: 4,
      olderThan: first.older ?? { occurredAt: 0, id: '' },
    });
    expect(second.events.map(({ signedAt }) => signedAt)).toEqual([3, 2, 1, 0].map((i) => MINT_TIME + i));
  });
});

describe('filters', () => {
  it('take each part by itself, and all of them together', async () => {
    const own = { rule: 'Release bot', field: 'san', value: 'x', how: 'exact', own: true } as const;
    const wanted = mint({ issuer: 'https://a.example', claim: 'model', rules: [own], signedAt: MINT_TIME });
    const other = mint({
      issuer: 'https://b.example',
      san: 'else@models.example',
      authenticity: 'impersonation',
      signedAt: MINT_TIME + 5000,
    });
    const unread = mint({
      san: null,
      issuer: null,
      undecided: 'not JSON',
      authenticity: 'unverifiable',
      signedAt: null,
      firstSeenAt: MINT_TIME + 9000,
    });
    expect(await idsFor({ identity: 'else@models.example' })).toEqual([other.id]);
    expect(await idsFor({ issuer: 'https://a.example' })).toEqual([wanted.id]);
    expect(await idsFor({ claim: 'model' })).toEqual([wanted.id]);
    expect(await idsFor({ authenticity: 'impersonation' })).toEqual([other.id]);
    expect(await idsFor({ undecided: true })).toEqual([unread.id]);
    expect(await idsFor({ own: true })).toEqual([wanted.id]);
    expect(await idsFor({ rule: 'Release bot' })).toEqual([wanted.id]);
    expect(await idsFor({ from: MINT_TIME + 5000, to: MINT_TIME + 9000 })).toEqual([other.id]);
    expect(await idsFor({ logId: log.id })).toHaveLength(3);
    expect(await idsFor({ logId: log.id + 1 })).toEqual([]);
    expect(await idsFor({ claim: 'model', issuer: 'https://b.example' })).toEqual([]);
  });

  it('compare identities whole: a part, another case or a wildcard is another identity', async () => {
    mint({ san: 'release-bot@models.example' });
    for (const identity of ['release-bot', 'Release-Bot@models.example', '%', '*'])
      expect(await idsFor({ identity })).toEqual([]);
  });

  it('find parts of identities, issuers and digests by search, in any case', async () => {
    const found = mint({ san: 'https://github.com/org/repo/.github/workflows/release.yml@refs/tags/v1' });
    mint({ san: 'someone@else.example' });
    expect(await idsFor({ search: 'ORG/repo' })).toEqual([found.id]);
    expect(await idsFor({ search: found.digest?.slice(10, 30) ?? '' })).toEqual([found.id]);
  });

  it('take a search for text, whatever stands in it', async () => {
    mint();
    for (const search of ['"', '""" OR body', 'a" OR "b', '*', '^rel NEAR', "'; DROP TABLE events; --", '%%%'])
      expect(await idsFor({ search })).toEqual([]);
  });

  it('find the same whether few events match or very many', async () => {
    const few = mint({ san: 'few@models.example' });
    for (let i = 0; i < 2005; i++) {
      mint({
        san: 'many@models.example',
        signedAt: MINT_TIME - i,
        rules: [{ rule: 'Many', field: 'san', value: 'x', how: 'exact', own: false }],
      });
    }
    expect(await idsFor({ search: 'few@models' })).toEqual([few.id]);
    for (const filter of [{ search: 'MANY@models' }, { rule: 'Many' }]) {
      expect((await listEvents(database, { filter, limit: 3 })).events.map(({ signedAt }) => signedAt)).toEqual([
        MINT_TIME,
        MINT_TIME - 1,
        MINT_TIME - 2,
      ]);
      expect(await countEvents(database, { filter, upTo: 10_000 })).toBe(2005);
    }
  });
});

describe('what an event was about', () => {
  it('is the model of a verified bundle, by its own signature or by a statement about it', async () => {
    const model = mintModel(database, 'northwind');
    const version = mintVersion(database, model);
    const signature = mint({ claim: 'model' });
    mintBundle(database, signature, { versionId: version.id, subjects: [{ name: 'folder', digest: version.root }] });
    const statement = mint({ claim: 'model' });
    mintBundle(database, statement, {
      predicateType: 'https://slsa.dev/provenance/v1',
      subjects: [{ name: 'folder', digest: version.root }],
    });
    const { events } = await listEvents(database, { filter: {}, limit: 10 });
    expect(events.map(({ about }) => about)).toEqual([
      { name: 'northwind', slug: 'northwind' },
      { name: 'northwind', slug: 'northwind' },
    ]);
  });

  it('is never taken from a refused bundle', async () => {
    const event = mint();
    mintBundle(database, event, { state: 'refused', subjects: [{ name: 'a lie', digest: 'ab'.repeat(32) }] });
    expect((await listEvents(database, { filter: {}, limit: 10 })).events[0]?.about).toBeNull();
  });
});

describe('bounds', () => {
  it('refuse what no page would ask for', async () => {
    await expect(listEvents(database, { filter: {}, limit: 100_000 })).rejects.toThrow();
    await expect(listEvents(database, { filter: { search: 'a'.repeat(10_000) }, limit: 1 })).rejects.toThrow();
  });

  it('count no further than asked', async () => {
    for (let i = 0; i < 7; i++) mint();
    expect(await countEvents(database, { filter: {}, upTo: 5 })).toBe(5);
  });
});
