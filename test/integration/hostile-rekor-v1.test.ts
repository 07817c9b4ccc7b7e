import { generateKeyPairSync } from 'node:crypto';
import { asc } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { events } from '#db/schema/event.ts';
import { coverage, logFaults, logs } from '#db/schema/log.ts';
import { checkEvidence } from '#lib/tlog/check-evidence.ts';
import { parseEvidence } from '#lib/tlog/evidence-file.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { type FollowV1Options, ServedRekorV1 } from '#test/support/follow-minted-v1.ts';
import { type EntryFields, type EntryJson, hashedRekordV1, MintedRekorV1 } from '#test/support/minted-rekor-v1.ts';
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

/** The same tree id and key with another past. */
function fork(): void {
  const { treeId, entries } = minted.active;
  minted.trees[0] = new MintedTree(treeId).add(...entries.slice(0, 40), ...noise('rewritten', 60));
}

/** An answer with one field of its entry changed. */
function change(entry: EntryJson, set: (fields: EntryFields) => void): EntryJson {
  const copy = structuredClone(entry);
  for (const fields of Object.values(copy)) set(fields);
  return copy;
}

describe('a Rekor v1 log that signs two trees', () => {
  it('is frozen when its head does not continue the one before, and what was read stays', async () => {
    await follow();
    const held = minted.note();
    fork();
    await follow();
    expect(rows()).toMatchObject([{ state: 'frozen', verifiedSize: 81 }]);
    const [fault] = openFaults();
    expect(fault).toMatchObject({ code: 'inconsistent', severity: 'misbehaviour' });
    const evidence = JSON.parse(fault?.evidence ?? '{}') as Record<string, string>;
    expect(evidence.held?.split('\n').slice(0, 3)).toEqual(held.split('\n').slice(0, 3));
    expect(evidence.received).toContain('rekor.example - ');
    expect(checkEvidence(parseEvidence(new TextEncoder().encode(evidence.file)))).toMatchObject({ outcome: 'proves' });
    expect(stored()).toHaveLength(1);
  });

  it('is frozen when one entry comes under another tree, which it shows to nobody else', async () => {
    const other = new MintedTree(minted.active.treeId).add(
      ...minted.active.entries.slice(0, 12),
      ...noise('for others', 8),
    );
    minted.lies.entry = (entry, index) => (index === 11 ? minted.entry(other, 11, 20) : entry);
    await follow();
    expect(rows()).toMatchObject([{ state: 'frozen', verifiedSize: 0, downloadedSize: 0 }]);
    const [fault] = openFaults();
    expect(fault).toMatchObject({ code: 'inconsistent', severity: 'misbehaviour' });
    expect(JSON.parse(fault?.evidence ?? '{}')).toMatchObject({ received: expect.stringContaining('\n20\n') });
  });

  it('is frozen when the last entry, by which it is taken up, is proved under another tree of the same size', async () => {
    const other = new MintedTree(minted.active.treeId).add(...minted.active.entries.slice(1), unknown('other'));
    minted.lies.entry = (_, index) => minted.entry(other, index);
    await follow({ start: 'end' });
    expect(rows()).toMatchObject([{ state: 'frozen' }]);
  });
});

describe('two signed trees of one size', () => {
  it('make an evidence file that a third party can check', async () => {
    await follow();
    const { treeId, entries } = minted.active;
    minted.trees[0] = new MintedTree(treeId).add(...entries.slice(0, 80), unknown('another last one'));
    await follow();
    const [fault] = openFaults();
    expect(fault).toMatchObject({ code: 'inconsistent', severity: 'misbehaviour' });
    const { file } = JSON.parse(fault?.evidence ?? '{}') as { file?: string };
    expect(checkEvidence(parseEvidence(new TextEncoder().encode(file)))).toMatchObject({ outcome: 'proves' });
  });
});

describe('a server of Rekor v1 at fault', () => {
  const cases: [string, string, (m: MintedRekorV1) => void][] = [
    [
      'swaps the body of an entry',
      'entry-mismatch',
      (m) => {
        m.lies.entry = (entry, i) =>
          i === 7
            ? change(entry, (f) => {
                f.body = unknown('x').toString('base64');
              })
            : entry;
      },
    ],
    [
      'gives another time than was signed',
      'bad-timestamp',
      (m) => {
        m.lies.entry = (entry, i) =>
          i === 7
            ? change(entry, (f) => {
                f.integratedTime += 60;
              })
            : entry;
      },
    ],
    [
      'gives a timestamp of another key',
      'bad-timestamp',
      (m) => {
        const forger = new MintedRekorV1('rekor.example');
        m.lies.entry = (entry, i) =>
          i === 7
            ? change(entry, (f) => {
                f.verification.signedEntryTimestamp = forger.timestamp(f);
              })
            : entry;
      },
    ],
    [
      'names another log than the key is of',
      'bad-timestamp',
      (m) => {
        m.lies.entry = (entry, i) =>
          i === 7
            ? change(entry, (f) => {
                f.logID = '00'.repeat(32);
              })
            : entry;
      },
    ],
    [
      'changes a hash of an inclusion proof',
      'entry-mismatch',
      (m) => {
        m.lies.entry = (entry, i) =>
          i === 7
            ? change(entry, (f) => {
                f.verification.inclusionProof.hashes[0] = '00'.repeat(32);
              })
            : entry;
      },
    ],
    [
      'cuts an inclusion proof short',
      'entry-mismatch',
      (m) => {
        m.lies.entry = (entry, i) =>
          i === 7
            ? change(entry, (f) => {
                f.verification.inclusionProof.hashes.pop();
              })
            : entry;
      },
    ],
    [
      'proves an entry under a head that nobody signed',
      'bad-signature',
      (m) => {
        const forger = new MintedRekorV1('rekor.example');
        m.lies.entry = (entry, i) =>
          i === 7
            ? change(entry, (f) => {
                const { proveUnder, active } = m;
                const forged = forger.note(active, proveUnder ?? active.size).split('— ')[1] ?? '';
                const id = Buffer.from(m.logId.slice(0, 8), 'hex');
                const signature = Buffer.from(forged.split(' ')[1] ?? '', 'base64').subarray(4);
                const text = `${m.origin()}\n70\n${Buffer.from(active.root(70)).toString('base64')}\n`;
                const line = `— rekor.example ${Buffer.concat([id, signature]).toString('base64')}\n`;
                f.verification.inclusionProof.checkpoint = `${text}\n${line}`;
              })
            : entry;
      },
    ],
    [
      'gives the entry of another tree',
      'entry-mismatch',
      (m) => {
        const other = new MintedTree('4711').add(...m.active.entries);
        m.lies.entry = (entry, i) => (i === 7 ? m.entry(Object.assign(other), 7) : entry);
      },
    ],
    [
      'gives an entry twice',
      'entry-mismatch',
      (m) => {
        m.lies.retrieve = (list) => [...list.slice(0, -1), list[0]];
      },
    ],
    [
      'gives an entry that was not asked for',
      'entry-mismatch',
      (m) => {
        m.lies.retrieve = (list, [first = 0]) => [
          ...list.slice(0, -1),
          m.entry(m.active, (first + 40) % m.active.size),
        ];
      },
    ],
    [
      'gives more entries than were asked for',
      'malformed-answer',
      (m) => {
        m.lies.retrieve = (list) => [...list, ...list];
      },
    ],
    [
      'leaves an entry out, also when asked alone',
      'missing-entries',
      (m) => {
        m.lies.entry = (entry, i) => (i === 7 ? null : entry);
      },
    ],
    [
      'answers something else',
      'malformed-answer',
      (m) => {
        m.lies.answer = ({ path }) => (path.endsWith('/retrieve') ? { body: '{"entries":[]}' } : undefined);
      },
    ],
    [
      'has a field twice',
      'malformed-answer',
      (m) => {
        m.lies.answer = ({ path }) => (path.endsWith('/retrieve') ? { body: '[{"a":1,"a":2}]' } : undefined);
      },
    ],
  ];
  it.each(cases)('that %s is not believed (%s), and the rest is read once it does not', async (_, code, lie) => {
    lie(minted);
    expect(await follow()).toMatchObject([{ outcome: 'failed' }]);
    expect(rows()).toMatchObject([{ state: 'following', verifiedSize: 0 }]);
    expect(openFaults()).toMatchObject([{ code, severity: 'failure' }]);
    expect(stored()).toEqual([]);
    minted.lies = {};
    expect(await follow()).toMatchObject([{ outcome: 'grown', entries: 81 }]);
    expect(openFaults()).toEqual([]);
  });

  it('that leaves entries out of a batch is asked for each once more, and nothing is lost', async () => {
    minted.lies.retrieve = (list) => list.filter((_, i) => i % 3 !== 1);
    expect(await follow()).toMatchObject([{ outcome: 'grown', entries: 81, events: 1 }]);
    expect(covered()).toEqual([{ from: 0, to: 81 }]);
  });

  it('that gives entries in another order is read in the right one', async () => {
    minted.lies.retrieve = (list) => [...list].reverse();
    expect(await follow()).toMatchObject([{ outcome: 'grown', entries: 81 }]);
  });

  it('that makes a wrong consistency proof is not called a liar', async () => {
    await follow();
    minted.active.add(...NOISE.slice(80, 100));
    minted.lies.proof = (proof) => ({ ...proof, hashes: proof.hashes.map(() => '00'.repeat(32)) });
    expect(await follow()).toMatchObject([{ outcome: 'failed' }]);
    expect(rows()).toMatchObject([{ state: 'following' }]);
    expect(openFaults()).toMatchObject([{ code: 'bad-proof', severity: 'failure' }]);
    minted.lies.proof = (proof) => ({ ...proof, hashes: [...proof.hashes, '00'.repeat(32)] });
    await follow();
    expect(openFaults()).toMatchObject([{ code: 'bad-proof', count: 2 }]);
  });

  it('that shows an older head is not called a liar', async () => {
    await follow();
    minted.lies.log = (log) => ({ ...log, signedTreeHead: minted.note(minted.active, 60) });
    expect(await follow()).toMatchObject([{ outcome: 'failed' }]);
    expect(openFaults()).toMatchObject([{ code: 'smaller-tree', severity: 'failure' }]);
  });

  it.each([
    ['of another tree', () => minted.note(minted.active, 81, { origin: 'rekor.example - 4711' })],
    ['of another host', () => minted.note(minted.active, 81, { origin: `evil.example - ${minted.active.treeId}` })],
    ['of no tree', () => minted.note(minted.active, 81, { origin: 'rekor.example' })],
    ['of another key', () => new MintedRekorV1('rekor.example').note(minted.active, 80)],
    ['that is no note', () => 'hello'],
  ])('that gives a head %s is followed no further', async (_, head) => {
    await follow();
    minted.lies.log = (log) => ({ ...log, signedTreeHead: head() });
    const { trees, failure } = await served.follow(ctx);
    expect(trees).toMatchObject([{ outcome: 'failed' }]);
    expect(failure).toMatchObject({ name: 'LogDataError' });
    expect(rows()).toMatchObject([{ state: 'following', verifiedSize: 81 }]);
  });

  it('whose list cannot be read says so where no tree is known yet', async () => {
    minted.lies.answer = () => ({ status: 500 });
    const { trees, failure } = await served.follow(ctx);
    expect([trees, failure?.message]).toEqual([[], expect.stringContaining('500')]);
  });
});
