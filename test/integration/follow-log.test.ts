import { generateKeyPairSync } from 'node:crypto';
import { asc } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { events } from '#db/schema/event.ts';
import { checkpoints, coverage, logFaults } from '#db/schema/log.ts';
import { FetchError } from '#lib/rekor/fetch-error.ts';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import { findLog } from '#lib/services/log/position.ts';
import { thawLog } from '#lib/services/log/thaw.ts';
import { hashLeaf } from '#lib/tlog/hash.ts';
import { verifyConsistency, verifyInclusion } from '#lib/tlog/proof.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { addLog, followMinted } from '#test/support/follow-minted.ts';
import { MintedLog } from '#test/support/minted-log.ts';
import { MintedSource } from '#test/support/minted-source.ts';

const keys = generateKeyPairSync('ed25519');
const noise = (text: string, count: number) => Array.from({ length: count }, (_, i) => hashedRekord(`${text} ${i}`));
const unknown = (text: string) => Buffer.from(`{"apiVersion":"0.0.1","kind":"other","spec":{"text":"${text}"}}`);

/** Read and understood, of a bare key, and so of no interest to any rule. */
function hashedRekord(text: string): Buffer {
  const base64 = Buffer.from(text).toString('base64');
  return Buffer.from(
    `{"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{"data":{"algorithm":"SHA2_256","digest":"${base64}"},"signature":{"content":"${base64}","verifier":{"keyDetails":"PKIX_ED25519","publicKey":{"rawBytes":"${base64}"}}}}}}`,
  );
}

let ctx: TestContext;
let log: MintedLog;
let source: MintedSource;

beforeEach(() => {
  ctx = openContext();
  log = new MintedLog('log.example', keys).add(
    ...noise('entry', 400),
    unknown('first'),
    ...noise('more', 500),
    unknown('second'),
  );
  source = new MintedSource(log, 300);
  addLog(ctx, log);
  return () => ctx.database.close();
});

const row = () => findLog(ctx.database.db, log.origin);
const faults = () => ctx.database.db.select().from(logFaults).all();
const openFaults = () => faults().filter(({ resolvedAt }) => resolvedAt === null);
const storedEvents = () => ctx.database.db.select().from(events).orderBy(asc(events.logIndex)).all();

async function followTo(size: number) {
  source.size = size;
  return followMinted(ctx, source);
}

describe('followLog', () => {
  it('reads a log from 0 checkpoint by checkpoint, and holds its verified size, root and coverage', async () => {
    expect(await followTo(300)).toEqual({ outcome: 'grown', entries: 300, events: 0 });
    expect(await followTo(300)).toEqual({ outcome: 'unchanged', entries: 0, events: 0 });
    expect(await followTo(902)).toEqual({ outcome: 'grown', entries: 602, events: 2 });
    expect(row()).toMatchObject({ verifiedSize: 902, downloadedSize: 902, observedSize: 902, startIndex: 0 });
    expect(ctx.database.db.select().from(coverage).all()).toMatchObject([{ startIndex: 0, endIndex: 902 }]);
    expect(openFaults()).toEqual([]);
  });

  it('keeps what it cannot decide, with a proof that verifies against the stored checkpoint', async () => {
    await followTo(902);
    const [first, second] = storedEvents();
    expect([first?.logIndex, second?.logIndex]).toEqual([400, 901]);
    for (const event of [first, second]) {
      expect(event).toMatchObject({ authenticity: 'unverifiable', claim: 'unclaimed', kind: 'other 0.0.1' });
      const leafHash = hashLeaf(event?.entry ?? new Uint8Array(), nodeSha256);
      const proof = Array.from(
        { length: (event?.inclusionProof?.length ?? 0) / 32 },
        (_, i) => new Uint8Array(event?.inclusionProof?.subarray(i * 32, i * 32 + 32) ?? []),
      );
      const root = log.root(event?.treeSize ?? 0);
      verifyInclusion({ index: event?.logIndex ?? -1, size: event?.treeSize ?? 0, leafHash, proof, root }, nodeSha256);
    }
  });

  it('stores with each checkpoint the proof that it continues the one before', async () => {
    await followTo(300);
    await followTo(902);
    const [before, after] = ctx.database.db.select().from(checkpoints).orderBy(asc(checkpoints.size)).all();
    expect([before?.state, after?.state, after?.previousSize]).toEqual(['verified', 'verified', 300]);
    const hashes = after?.consistencyProof ?? Buffer.alloc(0);
    const proof = Array.from(
      { length: hashes.length / 32 },
      (_, i) => new Uint8Array(hashes.subarray(i * 32, i * 32 + 32)),
    );
    verifyConsistency(
      { first: 300, second: 902, proof, firstRoot: log.root(300), secondRoot: log.root(902) },
      nodeSha256,
    );
  });

  it('starts at the end, and covers only what comes then', async () => {
    source.size = 450;
    expect(await followMinted(ctx, source, { start: 'end' })).toMatchObject({ outcome: 'unchanged' });
    expect(row()).toMatchObject({ startIndex: 450, verifiedSize: 450 });
    expect(ctx.database.db.select().from(coverage).all()).toEqual([]);
    await followTo(902);
    expect(storedEvents().map(({ logIndex }) => logIndex)).toEqual([901]);
    expect(ctx.database.db.select().from(coverage).all()).toMatchObject([{ startIndex: 450, endIndex: 902 }]);
  });

  it('starts at an index in the middle of a bundle', async () => {
    source.size = 902;
    await followMinted(ctx, source, { start: 401 });
    expect(storedEvents().map(({ logIndex }) => logIndex)).toEqual([901]);
    expect(row()).toMatchObject({ startIndex: 401, verifiedSize: 902 });
  });

  it('takes up an empty log', async () => {
    expect(await followTo(0)).toMatchObject({ outcome: 'unchanged' });
    expect(await followTo(1)).toMatchObject({ outcome: 'grown', entries: 1 });
    expect(openFaults()).toEqual([]);
  });

  it('loses and doubles nothing when one round is cut short after a commit', async () => {
    const large = new MintedLog('log.example', keys).add(...noise('entry', 9000), unknown('late'));
    source = new MintedSource(large);
    source.tamper = (path) => {
      if (path === 'entries/34.256') throw new FetchError('unreachable', path, 'It is gone.');
      return undefined;
    };
    log = large;
    expect(await followMinted(ctx, source)).toMatchObject({ outcome: 'failed' });
    expect(row()).toMatchObject({ downloadedSize: 8192, verifiedSize: 0, observedSize: 9001 });
    source.tamper = () => undefined;
    expect(await followMinted(ctx, source)).toMatchObject({ outcome: 'grown', entries: 809, events: 1 });
    expect(row()).toMatchObject({ downloadedSize: 9001, verifiedSize: 9001 });
    expect(openFaults()).toEqual([]);
  });
});

describe('a log of nothing but the longest entries', () => {
  it('is taken up in pieces that fit into memory, and asked for no more than fits', async () => {
    const longest = Buffer.alloc(65_535, 'x');
    log = new MintedLog('log.example', keys).add(...Array.from({ length: 1536 }, () => longest));
    source = new MintedSource(log);
    source.tamper = (path) => {
      if (path === 'entries/2.256') throw new FetchError('unreachable', path, 'It is gone.');
      return undefined;
    };
    expect(await followMinted(ctx, source, { parallel: 16 })).toMatchObject({ outcome: 'failed' });
    expect(row()).toMatchObject({ downloadedSize: 512, verifiedSize: 0 });
    expect(storedEvents()).toHaveLength(512);
    expect(source.asked.filter((path) => path.startsWith('entries/')).length).toBeLessThanOrEqual(5);
  });
});

describe('a log that misbehaves', () => {
  const fork = () => new MintedLog('log.example', keys).add(...log.entries.slice(0, 200), ...noise('rewritten', 702));

  it('is frozen when it signs a tree that does not continue the one before; both notes and the proof are kept', async () => {
    await followTo(300);
    const honest = log;
    source = new MintedSource(fork(), 902);
    expect(await followMinted(ctx, source)).toMatchObject({ outcome: 'failed' });
    expect(row()).toMatchObject({ state: 'frozen', verifiedSize: 300, downloadedSize: 300 });
    const [fault] = openFaults();
    expect(fault).toMatchObject({ code: 'inconsistent', severity: 'misbehaviour' });
    expect(JSON.parse(fault?.evidence ?? '')).toMatchObject({
      held: honest.checkpoint(300).toString(),
      received: source.log.checkpoint(902).toString(),
    });
    expect(ctx.lines.some(({ level, code }) => level === 60 && code === 'inconsistent')).toBe(true);
    source = new MintedSource(honest, 902);
    expect(await followMinted(ctx, source)).toMatchObject({ outcome: 'unchanged' });
    expect(row()).toMatchObject({ verifiedSize: 300 });
  });

  it('is held to a tree that it signed and whose entries it withheld', async () => {
    await followTo(300);
    source.size = 600;
    source.tamper = (path) => {
      if (path.startsWith('entries/')) throw new FetchError('unreachable', path, 'It is gone.');
      return undefined;
    };
    expect(await followMinted(ctx, source)).toMatchObject({ outcome: 'failed' });
    expect(row()).toMatchObject({ state: 'following', verifiedSize: 300, observedSize: 600 });
    const other = new MintedLog('log.example', keys).add(...log.entries.slice(0, 400), ...noise('rewritten', 300));
    source = new MintedSource(other, 600);
    expect(await followMinted(ctx, source)).toMatchObject({ outcome: 'failed' });
    expect(row()).toMatchObject({ state: 'frozen', verifiedSize: 300 });
    const states = ctx.database.db
      .select()
      .from(checkpoints)
      .all()
      .map(({ size, state }) => `${size} ${state}`);
    expect(states).toEqual(['300 verified', '600 observed', '600 inconsistent']);
  });

  it('is held to a root that it signed and whose tiles it did not show', async () => {
    await followTo(300);
    source.size = 902;
    source.tamper = (path) => (path === 'checkpoint' ? log.checkpoint(902, { root: log.root(901) }) : undefined);
    expect(await followMinted(ctx, source)).toMatchObject({ outcome: 'failed' });
    expect(openFaults()).toMatchObject([{ code: 'root-mismatch', severity: 'failure' }]);
    source.tamper = () => undefined;
    expect(await followMinted(ctx, source)).toMatchObject({ outcome: 'failed' });
    expect(row()).toMatchObject({ state: 'frozen', verifiedSize: 300 });
  });

  it('is held to a smaller tree that it signed, as soon as that can be compared; an operator can thaw it for good', async () => {
    await followTo(300);
    const restored = new MintedLog('log.example', keys).add(...noise('rewritten', 200));
    source = new MintedSource(restored);
    expect(await followMinted(ctx, source)).toMatchObject({ outcome: 'failed' });
    expect(openFaults()).toMatchObject([{ code: 'smaller-tree', severity: 'failure' }]);
    source = new MintedSource(log, 902);
    expect(await followMinted(ctx, source)).toMatchObject({ outcome: 'failed' });
    expect(row()).toMatchObject({ state: 'frozen', verifiedSize: 902 });
    thawLog(ctx, log.origin, 'a test instance under the same key');
    expect(await followMinted(ctx, source)).toMatchObject({ outcome: 'unchanged' });
    expect(row()).toMatchObject({ state: 'following' });
    const states = ctx.database.db.select().from(checkpoints).orderBy(asc(checkpoints.size)).all();
    expect(states.map(({ size, state }) => `${size} ${state}`)).toEqual([
      '200 inconsistent',
      '300 verified',
      '902 verified',
    ]);
  });

  it('is followed again only once an operator said why; the evidence stays', async () => {
    await followTo(300);
    const honest = log;
    source = new MintedSource(fork(), 902);
    await followMinted(ctx, source);
    thawLog(ctx, log.origin, 'a restored backup, confirmed by its operator');
    source = new MintedSource(honest, 902);
    expect(await followMinted(ctx, source)).toMatchObject({ outcome: 'grown', events: 2 });
    const [fault] = faults();
    expect(fault?.message).toContain('a restored backup, confirmed by its operator');
    expect(fault?.evidence).not.toBeNull();
    expect(openFaults()).toEqual([]);
    expect(() => thawLog(ctx, log.origin, 'again')).toThrow('not frozen');
  });

  it('is not held, once thawed, to the tree that it withheld and the operator has explained', async () => {
    await followTo(300);
    source.size = 600;
    source.tamper = (path) => {
      if (path.startsWith('entries/')) throw new FetchError('unreachable', path, 'It is gone.');
      return undefined;
    };
    await followMinted(ctx, source);
    const restored = new MintedLog('log.example', keys).add(...log.entries.slice(0, 400), ...noise('rewritten', 300));
    source = new MintedSource(restored, 600);
    await followMinted(ctx, source);
    expect(row().state).toBe('frozen');
    thawLog(ctx, log.origin, 'restored from a backup of before size 600');
    source = new MintedSource(restored, 700);
    expect(await followMinted(ctx, source)).toMatchObject({ outcome: 'grown', entries: 400 });
    const kept = ctx.database.db
      .select()
      .from(checkpoints)
      .all()
      .filter(({ state }) => state === 'inconsistent');
    expect(kept.map(({ size }) => size)).toEqual([600, 600]);
  });

  it('is frozen when it signs two roots for one size', async () => {
    await followTo(300);
    source = new MintedSource(fork(), 300);
    await followMinted(ctx, source);
    expect(row().state).toBe('frozen');
  });

  it('is frozen when it changes what was read but not yet verified, which is then forgotten', async () => {
    const large = new MintedLog('log.example', keys).add(unknown('early'), ...noise('entry', 9000));
    log = large;
    source = new MintedSource(large);
    source.tamper = (path) => {
      if (path === 'entries/33.256') throw new FetchError('unreachable', path, 'It is gone.');
      return undefined;
    };
    await followMinted(ctx, source);
    expect(storedEvents()).toHaveLength(1);
    source = new MintedSource(new MintedLog('log.example', keys).add(...noise('rewritten', 9500)));
    await followMinted(ctx, source);
    expect(row()).toMatchObject({ state: 'frozen', downloadedSize: 0, verifiedSize: 0 });
    expect(storedEvents()).toEqual([]);
  });
});

describe('a log that ails', () => {
  const wrong: [string, string, MintedSource['tamper']][] = [
    ['a checkpoint that is not there', 'not-found', (path) => refuse(path === 'checkpoint', 'not-found')],
    ['too many requests', 'rate-limited', (path) => refuse(path === 'checkpoint', 'rate-limited')],
    ['server errors for its entries', 'server-error', (path) => refuse(path.startsWith('entries/'), 'server-error')],
    [
      'a page in the place of a note',
      'malformed-note',
      (path) => (path === 'checkpoint' ? Buffer.from('<html>') : undefined),
    ],
    [
      'a note with a broken signature',
      'bad-signature',
      (path, honest) =>
        path === 'checkpoint' ? Buffer.from(Buffer.from(honest()).toString().replace('902', '903')) : undefined,
    ],
    [
      "another log's checkpoint",
      'bad-signature',
      (path) => (path === 'checkpoint' ? new MintedLog('other.example').add(Buffer.from('x')).checkpoint() : undefined),
    ],
    [
      'bytes that are no tile',
      'malformed-tile',
      (path) => (path.startsWith('tile/') ? Buffer.from('no tile') : undefined),
    ],
    [
      'a tile of another tree',
      'root-mismatch',
      (path, honest) => (path.startsWith('tile/') ? Buffer.from(honest()).reverse() : undefined),
    ],
    [
      'a cut bundle',
      'malformed-bundle',
      (path, honest) => (path.startsWith('entries/2') ? honest().subarray(0, 1000) : undefined),
    ],
    [
      'another entry than it signed',
      'entry-mismatch',
      (path, honest) => {
        const bytes = Buffer.from(honest());
        return path.startsWith('entries/2') ? bytes.fill(0x41, 100, 101) : undefined;
      },
    ],
    ['an older state of its tree', 'smaller-tree', (path) => (path === 'checkpoint' ? log.checkpoint(200) : undefined)],
  ];

  function refuse(applies: boolean, code: 'not-found' | 'rate-limited' | 'server-error'): undefined {
    if (applies) throw new FetchError(code, 'http://127.0.0.1:9/', `It answered ${code}.`);
    return undefined;
  }

  it.each(wrong)(
    'with %s is named (%s), nothing of it is verified, and it goes on when well again',
    async (_, code, tamper) => {
      await followTo(300);
      source.size = 902;
      source.tamper = tamper;
      expect(await followMinted(ctx, source)).toMatchObject({ outcome: 'failed' });
      ctx.tick(1000);
      expect(await followMinted(ctx, source)).toMatchObject({ outcome: 'failed' });
      expect(openFaults()).toMatchObject([{ code, severity: 'failure', count: 2 }]);
      expect(openFaults()[0]?.message).toMatch(/\.$/);
      expect(row()).toMatchObject({ state: 'following', verifiedSize: 300 });
      expect(storedEvents().filter(({ logIndex }) => (logIndex ?? 0) >= row().downloadedSize)).toEqual([]);

      source.tamper = () => undefined;
      expect(await followMinted(ctx, source)).toMatchObject({ outcome: 'grown' });
      expect(row()).toMatchObject({ verifiedSize: 902 });
      expect(openFaults()).toEqual([]);
      expect(faults()).toMatchObject([{ code }]);
      expect(storedEvents().map(({ logIndex }) => logIndex)).toEqual([400, 901]);
    },
  );
});
