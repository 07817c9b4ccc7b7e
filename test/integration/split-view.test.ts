import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { events } from '#db/schema/event.ts';
import { checkpoints, logFaults, logs, ruleSearches } from '#db/schema/log.ts';
import { readCheckpoint } from '#lib/rekor/checkpoint.ts';
import { getFaultEvidence } from '#lib/services/log/get-download.ts';
import { lookElsewhere, type Vantage } from '#lib/services/log/look-elsewhere.ts';
import { findLog } from '#lib/services/log/position.ts';
import { thawLog } from '#lib/services/log/thaw.ts';
import { checkEvidence } from '#lib/tlog/check-evidence.ts';
import { cosignatureVerifier, cosignedMessage, encodeCosignature } from '#lib/tlog/cosignature.ts';
import { parseEvidence } from '#lib/tlog/evidence-file.ts';
import { ed25519Verifier, formatVerifierKey } from '#lib/tlog/key.ts';
import { formatNote, parseNote } from '#lib/tlog/note.ts';
import { parsePolicy } from '#lib/tlog/policy-file.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { addLog, followMinted } from '#test/support/follow-minted.ts';
import { MintedLog } from '#test/support/minted-log.ts';
import { MintedSource } from '#test/support/minted-source.ts';

const entry = (i: number, who = 'all') => Buffer.from(`entry ${i} for ${who}`);
const log = new MintedLog('views.example').add(...Array.from({ length: 300 }, (_, i) => entry(i)));
/** What the same log, with the same key, shows to others. */
const others = new MintedLog('views.example', { privateKey: log.privateKey, publicKey: publicKeyOf(log) }).add(
  ...Array.from({ length: 300 }, (_, i) => entry(i, i < 200 ? 'all' : 'others')),
);

let ctx: TestContext;
let source: MintedSource;

beforeEach(async () => {
  ctx = openContext();
  source = new MintedSource(log, 280);
  addLog(ctx, log);
  await followMinted(ctx, source, { start: 250 });
});

function publicKeyOf({ publicKey }: MintedLog) {
  return createPublicKey({ key: publicKey, format: 'der', type: 'spki' });
}

const witness = (note: () => Uint8Array, kind: Vantage['kind'] = 'witness'): Vantage => ({
  kind,
  name: 'witness.example',
  head: async () =>
    readCheckpoint(note(), { origin: log.origin, verifiers: [ed25519Verifier(log.origin, log.rawKey)] }),
});
const elsewhere = () =>
  ctx.database.db
    .select({
      size: checkpoints.size,
      state: checkpoints.state,
      seenFrom: checkpoints.seenFrom,
      at: checkpoints.seenAt,
    })
    .from(checkpoints)
    .where(eq(checkpoints.seenAt, 'witness.example'))
    .all();
const faults = () => ctx.database.db.select().from(logFaults).all();
const state = () => findLog(ctx.database.db, log.origin).state;

describe('a head that the log showed elsewhere', () => {
  it.each([
    ['witness', 120],
    ['vantage', 280],
  ] as const)('of a %s, of size %i, is kept and proved to be a state of our tree', async (kind, size) => {
    expect(await lookElsewhere(ctx, 1, [witness(() => log.checkpoint(size), kind)])).toEqual({ kept: 1, problems: [] });
    await followMinted(ctx, source);
    // The very note that we verified is stored already, as what it is.
    expect(elsewhere()).toEqual(
      size === 280 ? [] : [{ size, state: 'consistent', seenFrom: kind, at: 'witness.example' }],
    );
    expect(faults()).toEqual([]);
  });

  it('freezes the log where it is of another tree, with both statements as evidence, and once', async () => {
    await lookElsewhere(ctx, 1, [witness(() => others.checkpoint(240))]);
    expect(await followMinted(ctx, source)).toMatchObject({ outcome: 'failed' });
    expect(state()).toBe('frozen');
    expect(faults()).toMatchObject([{ code: 'inconsistent', severity: 'misbehaviour', count: 1 }]);
    expect(faults()[0]?.evidence).toContain(JSON.stringify(others.checkpoint(240).toString()).slice(1, -1));
    expect(elsewhere()).toMatchObject([{ state: 'inconsistent' }]);
    const file = await getFaultEvidence(ctx.database, { logId: 1, id: faults()[0]?.id ?? 0 });
    const evidence = parseEvidence(Buffer.from(file ?? ''));
    const trustedKeys = [{ publicKey: log.rawKey, names: [log.origin] }];
    expect(checkEvidence(evidence, { trustedKeys })).toMatchObject({ outcome: 'proves' });
    thawLog(ctx, log.origin, 'told its operator');
    source.size = 300;
    expect(await followMinted(ctx, source)).toMatchObject({ outcome: 'grown' });
  });

  it('waits where it is larger than what the log shows us, and is compared once we have come so far', async () => {
    await lookElsewhere(ctx, 1, [witness(() => others.checkpoint(290))]);
    expect(await followMinted(ctx, source)).toMatchObject({ outcome: 'unchanged' });
    expect(elsewhere()).toMatchObject([{ size: 290, state: 'observed' }]);
    source.size = 300;
    expect(await followMinted(ctx, source)).toMatchObject({ outcome: 'failed' });
    expect(state()).toBe('frozen');
  });

  it('is a fault where it is withheld from us for more than an hour, and none before', async () => {
    await lookElsewhere(ctx, 1, [witness(() => log.checkpoint(290))]);
    ctx.tick(3_500_000);
    expect(await followMinted(ctx, source)).toMatchObject({ outcome: 'unchanged' });
    ctx.tick(200_000);
    expect(await followMinted(ctx, source)).toMatchObject({ outcome: 'failed' });
    expect(faults()).toMatchObject([{ code: 'withheld', severity: 'failure' }]);
    source.size = 290;
    expect(await followMinted(ctx, source)).toMatchObject({ outcome: 'grown' });
    expect(faults()).toMatchObject([{ code: 'withheld', resolvedAt: ctx.now() }]);
  });

  it('is kept once a day however often it is shown, and a place that fails holds up no other', async () => {
    const broken: Vantage = {
      kind: 'vantage',
      name: 'far.example',
      head: async () => {
        throw new Error('cannot be reached');
      },
    };
    const look = () => lookElsewhere(ctx, 1, [broken, witness(() => log.checkpoint(100))]);
    expect(await look()).toEqual({ kept: 1, problems: ['far.example: cannot be reached'] });
    expect(await look()).toMatchObject({ kept: 0 });
    ctx.tick(25 * 3_600_000);
    expect(await look()).toMatchObject({ kept: 1 });
    expect(elsewhere()).toHaveLength(1);
  });

  it('is not taken where the log did not sign it', async () => {
    const forged = () => Buffer.from(log.checkpoint(100).toString().replace('100', '101'));
    const { kept, problems } = await lookElsewhere(ctx, 1, [witness(forged)]);
    expect(kept).toBe(0);
    expect(problems[0]).toMatch(/^witness.example: .*signature/);
  });
});

describe('a process that ended half-way', () => {
  it('leaves nothing behind that was read past the verified head of a frozen log', async () => {
    ctx.database.db.update(logs).set({ state: 'frozen', verifiedSize: 270 }).run();
    const indices = () => ctx.database.db.select({ index: events.logIndex }).from(events).all();
    expect(indices()).toHaveLength(30);
    expect(await followMinted(ctx, source)).toMatchObject({ outcome: 'unchanged' });
    expect(findLog(ctx.database.db, log.origin)).toMatchObject({ state: 'frozen', downloadedSize: 270 });
    expect(indices()).toHaveLength(20);
  });

  it('takes up no log without the account of its rules', async () => {
    const fresh = new MintedLog('fresh.example').add(entry(0));
    addLog(ctx, fresh);
    const { sqlite } = ctx.database;
    sqlite.exec("CREATE TRIGGER full BEFORE INSERT ON rule_searches BEGIN SELECT raise(ABORT, 'disk full'); END");
    expect(await followMinted(ctx, new MintedSource(fresh))).toMatchObject({ outcome: 'failed' });
    expect(findLog(ctx.database.db, fresh.origin).startIndex).toBeNull();
    sqlite.exec('DROP TRIGGER full');
    expect(await followMinted(ctx, new MintedSource(fresh))).toMatchObject({ outcome: 'grown' });
    const { id } = findLog(ctx.database.db, fresh.origin);
    const accounts = ctx.database.db.select().from(ruleSearches).where(eq(ruleSearches.logId, id)).all();
    expect(accounts).toMatchObject([{ rule: 'anybody', startIndex: 0, endIndex: null }]);
  });
});

describe('the witnesses of a policy', () => {
  const keys = ['first.example', 'second.example'].map((name) => ({ name, ...generateKeyPairSync('ed25519') }));
  const raw = (key: KeyObject) => key.export({ type: 'spki', format: 'der' }).subarray(-32);
  const verifiers = keys.map(({ name, publicKey }) => cosignatureVerifier(name, raw(publicKey)));
  const policy = parsePolicy(
    Buffer.from(
      `${verifiers.map((v, i) => `witness w${i} ${formatVerifierKey(v)}`).join('\n')}\ngroup both all w0 w1\nquorum both\n`,
    ),
  );
  /** The log's checkpoint with the cosignatures of the first `count` witnesses at second `time`. */
  const cosigned = (size: number, count: number, time = 1_700_000_000) => {
    const { text, signatures } = parseNote(log.checkpoint(size));
    const lines = keys.slice(0, count).map(({ name, privateKey }, i) => ({
      name,
      keyId: verifiers[i]?.keyId ?? 0,
      signature: encodeCosignature(time, sign(null, cosignedMessage(text, time), privateKey)),
    }));
    return formatNote(text, [...signatures, ...lines]);
  };
  const heads = () =>
    ctx.database.db
      .select({ size: checkpoints.size, cosigners: checkpoints.cosigners, quorum: checkpoints.quorum })
      .from(checkpoints)
      .where(eq(checkpoints.size, 300))
      .all()
      .map((row) => ({ ...row, cosigners: JSON.parse(row.cosigners) }));
  const round = (count: number, time?: number) => {
    source.size = 300;
    source.tamper = (path) => (path === 'checkpoint' ? cosigned(300, count, time) : undefined);
    return followMinted(ctx, source, { policy });
  };

  it.each([
    [0, false],
    [1, false],
    [2, true],
  ])('are said: %i cosigned, quorum met: %s', async (count, quorum) => {
    expect(await round(count)).toMatchObject({ outcome: 'grown' });
    const cosigners = [0, 1].slice(0, count).map((i) => ({ name: `w${i}`, timestamp: 1_700_000_000 }));
    expect(heads()).toEqual([{ size: 300, cosigners, quorum }]);
  });

  it('that cosign later are taken note of, without a row for every look', async () => {
    await round(0);
    for (const [count, time] of [
      [1, 1_700_000_100],
      [2, 1_700_000_200],
      [2, 1_700_000_300],
      [1, 1_700_000_400],
    ] as const) {
      expect(await round(count, time)).toMatchObject({ outcome: 'unchanged' });
    }
    const at = (name: string) => ({ name, timestamp: 1_700_000_300 });
    expect(heads()).toEqual([{ size: 300, cosigners: [at('w0'), at('w1')], quorum: true }]);
  });

  it('are no fault where another place has shown the very same note before', async () => {
    await round(0);
    await lookElsewhere(ctx, 1, [witness(() => cosigned(300, 1, 1_700_000_100), 'vantage')]);
    expect(await round(1, 1_700_000_100)).toMatchObject({ outcome: 'unchanged' });
    expect(faults()).toEqual([]);
  });

  it('with a bad line say nothing, and do not hide what the log signed', async () => {
    source.size = 300;
    source.tamper = (path) => {
      if (path !== 'checkpoint') return undefined;
      const { text, signatures } = parseNote(cosigned(300, 1));
      const [own, other] = signatures;
      if (!own || !other) throw new Error('two lines were expected');
      const bad = Uint8Array.from(other.signature, (byte, i) => (i === 20 ? byte ^ 1 : byte));
      return formatNote(text, [own, { ...other, signature: bad }]);
    };
    expect(await followMinted(ctx, source, { policy })).toMatchObject({ outcome: 'grown' });
    expect(heads()).toEqual([{ size: 300, cosigners: [], quorum: null }]);
    expect(ctx.lines.at(-2)).toMatchObject({ msg: 'the cosignatures of a checkpoint are refused' });
  });
});
