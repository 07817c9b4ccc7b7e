import { describe, expect, it } from 'vitest';
import { bundles } from '#db/schema/bundle.ts';
import { events } from '#db/schema/event.ts';
import { logFaults, logs } from '#db/schema/log.ts';
import { ingestBundle } from '#lib/services/bundle/ingest.ts';
import { mintLog } from '#test/factories.ts';
import { openContext } from '#test/support/context.ts';
import { standardsOf } from '#test/support/standards.ts';
import { MintedSigstore, V1_HOST, V2_ORIGIN } from '#test/unit/sigstore/mint-bundle.ts';

const sigstore = new MintedSigstore();
const standards = standardsOf(Buffer.from(JSON.stringify(sigstore.trustedRoot)));

/** Two bundles whose proofs, both signed by the log, lead to two entries at one index. */
function twoAtOnePlace(log: 'v1' | 'v2'): Buffer[] {
  return ['one', 'another'].map((word) => {
    const payload = Buffer.from(
      JSON.stringify({
        _type: 'https://in-toto.io/Statement/v1',
        subject: [{ name: word, digest: { sha256: 'ab'.repeat(32) } }],
        predicateType: 'https://models.example/note/v1',
        predicate: { word },
      }),
    );
    return Buffer.from(JSON.stringify(sigstore.bundle({ log, payload })));
  });
}

describe('a log that proved two entries at one index', () => {
  it('is frozen with both checkpoints as evidence, and both bundles are kept', () => {
    const ctx = openContext();
    const { db } = ctx.database;
    mintLog(ctx.database, { origin: V2_ORIGIN, logId: sigstore.v2LogId().toString('hex') });
    for (const bytes of twoAtOnePlace('v2')) {
      expect(ingestBundle(ctx, bytes, standards)).toMatchObject({ outcome: 'accepted', isNew: true });
    }
    expect(db.select().from(logs).get()?.state).toBe('frozen');
    const [fault] = db.select().from(logFaults).all();
    expect(fault).toMatchObject({ code: 'inconsistent', severity: 'misbehaviour' });
    const [first, second] = db.select().from(events).all();
    expect(JSON.parse(fault?.evidence ?? '{}')).toMatchObject({
      index: String(first?.logIndex),
      'leaf that is known': first?.leafHash,
      'leaf in the bundle': second?.leafHash,
      'checkpoint in the bundle': expect.stringContaining(V2_ORIGIN),
    });
    expect(second).toMatchObject({ logId: null, logIndex: null });
    expect(
      new Set(
        db
          .select()
          .from(bundles)
          .all()
          .map(({ eventId }) => eventId),
      ).size,
    ).toBe(2);
  });

  it('stops nothing where the log is not followed', () => {
    const ctx = openContext();
    for (const bytes of twoAtOnePlace('v1')) {
      expect(ingestBundle(ctx, bytes, standards).outcome, V1_HOST).toBe('accepted');
    }
    expect(ctx.database.db.select().from(events).all()).toHaveLength(2);
    expect(ctx.database.db.select().from(logFaults).all()).toEqual([]);
  });

  it('is no contradiction where the same entry comes in two bundles', () => {
    const ctx = openContext();
    mintLog(ctx.database, { origin: V2_ORIGIN, logId: sigstore.v2LogId().toString('hex') });
    const [bytes = Buffer.alloc(0)] = twoAtOnePlace('v2');
    ingestBundle(ctx, bytes, standards);
    ingestBundle(ctx, Buffer.from(JSON.stringify(JSON.parse(bytes.toString()), null, 2)), standards);
    expect(ctx.database.db.select().from(logs).get()?.state).toBe('following');
    expect(ctx.database.db.select().from(events).all()).toHaveLength(1);
  });
});
