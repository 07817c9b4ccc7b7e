import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { ChildReader } from '#db/children.ts';
import type { OpenDatabase } from '#db/client.ts';
import { createDatabase } from '#db/migrate.ts';
import { artifacts, links } from '#db/schema/artifact.ts';
import { bundles } from '#db/schema/bundle.ts';
import { MINT_TIME } from '#test/factories.ts';
import { mintBundle } from '#test/model-factories.ts';

const SIZE = 6;

let database: OpenDatabase;

beforeEach(() => {
  database = createDatabase(':memory:');
  const { db } = database;
  const row = { kind: 'model', verdictSince: MINT_TIME, firstSeenAt: MINT_TIME } as const;
  for (let i = 1; i <= SIZE; i++)
    db.insert(artifacts)
      .values({ ...row, name: `m${i}` })
      .run();
  for (const [parent, child] of [
    [1, 2],
    [1, 3],
    [2, 4],
    [4, 5],
  ] as const) {
    addLink(parent, child);
  }
});

function addLink(parentId: number, childId: number, state: 'verified' | 'declared' = 'verified') {
  const { id: bundleId } = mintBundle(database, null, { id: `bdl_${parentId}_${childId}` });
  const link = {
    role: 'base-model',
    basis: 'attester',
    position: 0,
    name: 'm',
    digests: '[]',
    at: '',
    reason: '',
  } as const;
  return database.db
    .insert(links)
    .values({ ...link, parentId, childId, bundleId, state, firstSeenAt: MINT_TIME })
    .returning()
    .get();
}

/** The children of each artifact, in their order. */
function read(few: number): number[][] {
  const reader = new ChildReader(database.sqlite, SIZE, few);
  return Array.from({ length: SIZE }, (_, i) => {
    const found: number[] = [];
    reader.read([i + 1], (child) => void found.push(child));
    return found.sort((a, b) => a - b);
  });
}

/** All read at once, which is kept, give what looking each up gives. */
function expectSame(): number[][] {
  const all = read(0);
  expect(all).toEqual(read(Number.POSITIVE_INFINITY));
  return all;
}

describe('children of artifacts', () => {
  it('are the same looked up and read all at once', () => {
    expect(expectSame()).toEqual([[2, 3], [4], [], [5], [], []]);
  });

  it('are read again after every change of a link', () => {
    const { db } = database;
    expectSame();
    const link = addLink(5, 6);
    expect(expectSame()[4]).toEqual([6]);
    db.update(links).set({ state: 'declared' }).where(eq(links.id, link.id)).run();
    expect(expectSame()[4]).toEqual([-6]);
    db.update(links).set({ basis: 'outsider' }).where(eq(links.parentId, 4)).run();
    expect(expectSame()[3]).toEqual([-5]);
    db.update(links).set({ parentId: 3 }).where(eq(links.id, link.id)).run();
    expect(expectSame()[2]).toEqual([-6]);
    db.delete(links).where(eq(links.id, link.id)).run();
    expect(expectSame()[2]).toEqual([]);
  });

  it('are read again where a bundle takes its links along', () => {
    const { db } = database;
    const link = addLink(5, 6);
    expect(expectSame()[4]).toEqual([6]);
    db.delete(bundles)
      .where(eq(bundles.id, link.bundleId ?? ''))
      .run();
    expect(expectSame()[4]).toEqual([]);
  });

  it('are not those of a change that was rolled back, though as many changes followed', () => {
    const { sqlite } = database;
    expectSame();
    sqlite.exec('BEGIN');
    addLink(5, 6);
    expect(expectSame()[4]).toEqual([6]);
    sqlite.exec('ROLLBACK');
    expect(expectSame()[4]).toEqual([]);
    addLink(6, 5);
    expect(expectSame().slice(4)).toEqual([[], [5]]);
  });
});
