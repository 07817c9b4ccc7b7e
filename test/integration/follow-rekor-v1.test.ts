import { generateKeyPairSync } from 'node:crypto';
import { asc } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { events } from '#db/schema/event.ts';
import { checkpoints, coverage, logFaults, logs } from '#db/schema/log.ts';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import { retireTrees } from '#lib/services/log/sync-trees.ts';
import { hashLeaf } from '#lib/tlog/hash.ts';
import { verifyInclusion } from '#lib/tlog/proof.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { type FollowV1Options, ServedRekorV1 } from '#test/support/follow-minted-v1.ts';
import { hashedRekordV1, MintedRekorV1 } from '#test/support/minted-rekor-v1.ts';
import { MintedTree } from '#test/support/minted-tree.ts';

const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const noise = (text: string, count: number) => Array.from({ length: count }, (_, i) => hashedRekordV1(`${text} ${i}`));
const unknown = (text: string) => Buffer.from(`{"apiVersion":"0.0.1","kind":"other","spec":{"text":"${text}"}}`);
const NOISE = noise('entry', 120);

let ctx: TestContext;
let minted: MintedRekorV1;
let served: ServedRekorV1;

beforeEach(async () => {
  ctx = openContext();
  minted = new MintedRekorV1('rekor.example', keys);
  minted.active.add(...NOISE.slice(0, 57), unknown('first'), ...NOISE.slice(57, 80));
  served = await ServedRekorV1.start(minted);
});
afterEach(async () => {
  await served.stop();
  ctx.database.close();
});

const follow = async (options?: FollowV1Options) => {
  ctx.tick(1000);
  return (await served.follow(ctx, options)).trees;
};
const rows = () => ctx.database.db.select().from(logs).orderBy(asc(logs.indexOffset), asc(logs.id)).all();
const faults = () => ctx.database.db.select().from(logFaults).all();
const openFaults = () => faults().filter(({ resolvedAt }) => resolvedAt === null);
const stored = () => ctx.database.db.select().from(events).orderBy(asc(events.logId), asc(events.logIndex)).all();
const covered = () => ctx.database.db.select({ from: coverage.startIndex, to: coverage.endIndex }).from(coverage).all();

describe('a Rekor v1 server', () => {
  it('is read from 0: every entry is bound, and what cannot be decided is kept with time and proof', async () => {
    expect(await follow()).toMatchObject([{ origin: minted.origin(), outcome: 'grown', entries: 81, events: 1 }]);
    expect(rows()).toMatchObject([
      { api: 'rekor-v1', instance: 'rekor.example', treeId: minted.active.treeId, verifiedSize: 81, finalSize: null },
    ]);
    expect(covered()).toEqual([{ from: 0, to: 81 }]);
    const [event] = stored();
    expect(event).toMatchObject({ logIndex: 57, kind: 'other 0.0.1', signedAtSource: 'integrated-time' });
    expect(event?.signedAt).toBe((Date.UTC(2026, 10, 26) / 1000 + 57) * 1000);
    const leafHash = hashLeaf(event?.entry ?? new Uint8Array(), nodeSha256);
    const bytes = event?.inclusionProof ?? Buffer.alloc(0);
    const proof = Array.from({ length: bytes.length / 32 }, (_, i) => bytes.subarray(i * 32, i * 32 + 32));
    const size = event?.treeSize ?? 0;
    verifyInclusion({ index: 57, size, leafHash, proof, root: minted.active.root(size) }, nodeSha256);
  });

  it('is asked for each entry once, ten a request, and goes on where it stood', async () => {
    await follow();
    expect(served.server.paths().filter((path) => path.endsWith('/retrieve'))).toHaveLength(9);
    minted.active.add(...NOISE.slice(80, 84));
    served.server.asked.length = 0;
    expect(await follow()).toMatchObject([{ outcome: 'grown', entries: 4 }]);
    expect(served.server.asked.filter(({ method }) => method === 'POST').map(({ body }) => body)).toEqual([
      '{"logIndexes":[81,82,83,84]}',
    ]);
    expect(await follow()).toMatchObject([{ outcome: 'unchanged' }]);
  });

  it('keeps one checkpoint of a tree that stands still, though each answer is signed anew', async () => {
    for (let round = 0; round < 4; round++) await follow();
    expect(ctx.database.db.select().from(checkpoints).all()).toHaveLength(1);
  });

  it('keeps an entry under the head that came with it, and proves that head part of the tree', async () => {
    minted.proveUnder = 70;
    minted.active.add(...NOISE.slice(80, 100));
    await follow();
    const [own, log] = ctx.database.db.select().from(checkpoints).orderBy(asc(checkpoints.size)).all();
    expect(own).toMatchObject({ size: 70, seenFrom: 'entry', state: 'consistent' });
    expect(log).toMatchObject({ size: 101, seenFrom: 'log', state: 'verified' });
    expect(stored()).toMatchObject([{ treeSize: 70, checkpointId: own?.id }]);
    expect(openFaults()).toEqual([]);
  });

  it('starts at the end, by the inclusion proof of the last entry, and covers only what comes then', async () => {
    expect(await follow({ start: 'end' })).toMatchObject([{ outcome: 'unchanged' }]);
    minted.active.add(unknown('second'), ...NOISE.slice(80, 90));
    expect(await follow({ start: 'end' })).toMatchObject([{ outcome: 'grown', entries: 11, events: 1 }]);
    expect(covered()).toEqual([{ from: 81, to: 92 }]);
  });

  it('takes up an empty tree', async () => {
    minted = new MintedRekorV1('rekor.example', keys);
    served.server.answer = minted.answer;
    expect(await follow()).toMatchObject([{ outcome: 'unchanged' }]);
    minted.active.add(...NOISE.slice(0, 3));
    expect(await follow()).toMatchObject([{ outcome: 'grown', entries: 3 }]);
    expect(openFaults()).toEqual([]);
  });
});

describe('the trees of a Rekor v1 server', () => {
  it('are followed each: a tree that comes later from 0, whatever logs.start says', async () => {
    await follow({ start: 'end' });
    minted.rotate().add(unknown('of the next tree'), ...NOISE.slice(80, 95));
    expect(await follow({ start: 'end' })).toMatchObject([
      { outcome: 'unchanged', entries: 0 },
      { outcome: 'grown', entries: 16, events: 1 },
    ]);
    expect(rows()).toMatchObject([
      { indexOffset: 0, finalSize: 81, state: 'following' },
      { indexOffset: 81, finalSize: null, startIndex: 0, verifiedSize: 16 },
    ]);
    expect(openFaults()).toEqual([]);
  });

  it('begin at first contact where the configuration says: the newest at an index, those before at their end', async () => {
    minted.rotate().add(...NOISE.slice(80, 100));
    // A clock that moves within the round: what is met together stays together.
    const now = ctx.now;
    Object.assign(ctx, {
      now: () => {
        ctx.tick(1);
        return now();
      },
    });
    await follow({ start: 5 });
    expect(rows().map(({ startIndex, verifiedSize }) => [startIndex, verifiedSize])).toEqual([
      [81, 81],
      [5, 20],
    ]);
  });

  it('end only once the log has signed where the next one begins', async () => {
    minted.rotate();
    await follow();
    expect(rows().map(({ finalSize }) => finalSize)).toEqual([null, null]);
    minted.active.add(...NOISE.slice(80, 82));
    await follow();
    expect(rows().map(({ finalSize }) => finalSize)).toEqual([81, null]);
  });

  it('are frozen when they go on after their end', async () => {
    minted.rotate().add(...NOISE.slice(80, 82));
    await follow();
    const [ended] = minted.trees;
    const longer = new MintedTree(ended?.treeId ?? '').add(...(ended?.entries ?? []), unknown('late'));
    minted.lies.log = (log) => ({
      ...log,
      inactiveShards: [{ ...log.inactiveShards?.[0], signedTreeHead: minted.note(longer) }],
    });
    await follow();
    expect(rows().map(({ state }) => state)).toEqual(['frozen', 'following']);
    expect(openFaults()).toMatchObject([
      // The list now says that the next tree begins elsewhere too, which nothing signed bears out.
      { code: 'tree-mismatch', severity: 'failure', logId: rows()[1]?.id },
      { code: 'inconsistent', severity: 'misbehaviour', logId: rows()[0]?.id },
    ]);
  });

  it('are not taken to be moved by the list alone: only signed timestamps say where an index counts from', async () => {
    minted.rotate().add(...NOISE.slice(80, 90));
    await follow();
    minted.lies.log = (log) => ({ ...log, inactiveShards: null });
    await follow();
    expect(rows().map(({ state, indexOffset }) => [state, indexOffset])).toEqual([
      ['following', 0],
      ['following', 81],
    ]);
    expect(new Set(openFaults().map(({ code, severity }) => `${code} ${severity}`))).toEqual(
      new Set(['tree-mismatch failure']),
    );
  });

  it('are frozen when the log signs another global index for an entry that it had signed one for', async () => {
    minted.rotate().add(...NOISE.slice(80, 90));
    await follow();
    // The same tree behind a first one that is one entry shorter: every timestamp of it says another index now.
    const other = new MintedRekorV1('rekor.example', keys);
    other.active.add(...NOISE.slice(0, 50));
    other.rotate().add(...NOISE.slice(80, 90));
    served.server.answer = other.answer;
    served.restart();
    await follow();
    const [, second] = rows();
    expect(second).toMatchObject({ state: 'frozen', indexOffset: 81 });
    expect(faults().find(({ logId, severity }) => logId === second?.id && severity === 'misbehaviour')).toMatchObject({
      code: 'inconsistent',
    });
  });

  it('stay when they are no longer followed, and go on when they are again', async () => {
    await follow();
    retireTrees(ctx, []);
    expect(rows()).toMatchObject([{ state: 'removed', verifiedSize: 81 }]);
    minted.active.add(...NOISE.slice(80, 82));
    expect(await follow()).toMatchObject([{ outcome: 'grown', entries: 2 }]);
    expect(rows()).toMatchObject([{ state: 'following', verifiedSize: 83 }]);
  });
});

describe('heads alone', () => {
  it('are proved to continue each other, read no entry but the last, and cover nothing', async () => {
    expect(await follow({ reading: 'index' })).toMatchObject([{ outcome: 'unchanged' }]);
    minted.active.add(unknown('unread'), ...NOISE.slice(80, 110));
    expect(await follow({ reading: 'index' })).toMatchObject([{ outcome: 'grown', entries: 0, events: 0 }]);
    expect(rows()).toMatchObject([{ reading: 'index', verifiedSize: 112, downloadedSize: 112, startIndex: 112 }]);
    expect(served.server.asked.some(({ method }) => method === 'POST')).toBe(false);
    expect([covered(), stored(), openFaults()]).toEqual([[], [], []]);
  });

  it('become entries from where they stand when the configuration says so', async () => {
    await follow({ reading: 'index' });
    minted.active.add(unknown('read'), ...NOISE.slice(80, 85));
    expect(await follow()).toMatchObject([{ outcome: 'grown', entries: 6, events: 1 }]);
    expect(covered()).toEqual([{ from: 81, to: 87 }]);
  });

  it('freeze the log when they do not continue each other', async () => {
    await follow({ reading: 'index' });
    fork();
    await follow({ reading: 'index' });
    expect(rows()).toMatchObject([{ state: 'frozen', verifiedSize: 81 }]);
  });
});

/** The same tree id and key with another past. */
function fork(): void {
  const { treeId, entries } = minted.active;
  minted.trees[0] = new MintedTree(treeId).add(...entries.slice(0, 40), ...noise('rewritten', 60));
}
