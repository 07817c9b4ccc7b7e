import { describe, expect, it } from 'vitest';
import { alerts } from '#db/schema/alert.ts';
import { retractions } from '#db/schema/incident.ts';
import { compilePolicies, NO_POLICIES, type SignerPolicies } from '#lib/provenance/expected-signer.ts';
import { allNoticesOf } from '#lib/services/incident/all-notices-of.ts';
import { recordRetraction } from '#lib/services/incident/record-retraction.ts';
import { settleAllRetractions } from '#lib/services/incident/settle-retractions.ts';
import { MINT_TIME } from '#test/factories.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { attest, DAY, RELEASE, type Signer, STRANGER, signModel } from '../graph/mint-graph.ts';
import { arrive } from './mint-incident.ts';

const ONLY_RELEASE = compilePolicies([
  {
    name: 'all',
    models: { glob: '*' },
    signers: [{ identity: { exact: RELEASE.san } }],
    attesters: [{ identity: { exact: STRANGER.san } }],
    requireProvenance: false,
  },
]);

function retract(ctx: TestContext, by: Signer, policies: SignerPolicies = NO_POLICIES): number {
  const retraction = { reason: 'Leaks training data', replacement: null };
  const { bundleId, artifactId } = attest(ctx, 'tuned', [], {
    by,
    facts: { kind: 'retraction', retraction },
    policies,
  });
  recordRetraction(ctx.database.db, { bundleId, artifactId, retraction, now: ctx.now() });
  arrive(ctx, [artifactId], policies);
  return artifactId;
}

const alertsOf = (ctx: TestContext) =>
  ctx.database.db
    .select()
    .from(alerts)
    .all()
    .map(({ kind, title }) => [kind, title]);

describe('a retraction', () => {
  it('counts where it is signed by who signed the version, and raises one alert', () => {
    const ctx = openContext();
    signModel(ctx, 'tuned');
    const artifactId = retract(ctx, RELEASE);
    expect(allNoticesOf(ctx.database.db, [artifactId]).get(artifactId)).toMatchObject([
      { kind: 'retraction', refuses: true, reason: 'Leaks training data', since: MINT_TIME },
    ]);
    arrive(ctx, [artifactId]);
    expect(alertsOf(ctx)).toEqual([['retraction', expect.stringMatching(/^tuned .* was retracted$/)]]);
  });

  it('of somebody else is kept and refuses nothing', () => {
    const ctx = openContext();
    signModel(ctx, 'tuned');
    const artifactId = retract(ctx, STRANGER);
    expect(ctx.database.db.select().from(retractions).all()).toMatchObject([{ artifactId, counts: false }]);
    expect(allNoticesOf(ctx.database.db, [artifactId]).size).toBe(0);
    expect(alertsOf(ctx)).toEqual([]);
  });

  it('of somebody who signed the same files later refuses nothing', () => {
    const ctx = openContext();
    signModel(ctx, 'tuned');
    signModel(ctx, 'tuned', { by: STRANGER, at: MINT_TIME + DAY });
    const artifactId = retract(ctx, STRANGER);
    expect(allNoticesOf(ctx.database.db, [artifactId]).size).toBe(0);
  });

  it('counts for signers of the policy, and not for its attesters', () => {
    const ctx = openContext();
    signModel(ctx, 'tuned', { policies: ONLY_RELEASE });
    const artifactId = retract(ctx, STRANGER, ONLY_RELEASE);
    expect(allNoticesOf(ctx.database.db, [artifactId]).size).toBe(0);
    retract(ctx, RELEASE, ONLY_RELEASE);
    expect(allNoticesOf(ctx.database.db, [artifactId]).get(artifactId)).toHaveLength(1);
  });

  it('is judged again when the policies change, either way', () => {
    const ctx = openContext();
    signModel(ctx, 'tuned', { by: STRANGER });
    const artifactId = retract(ctx, STRANGER);
    const counts = () => allNoticesOf(ctx.database.db, [artifactId]).size;
    expect(counts()).toBe(1);
    settleAllRetractions(ctx.database.db, { policies: ONLY_RELEASE, now: ctx.now() });
    expect(counts()).toBe(0);
    settleAllRetractions(ctx.database.db, { policies: NO_POLICIES, now: ctx.now() });
    expect(counts()).toBe(1);
  });

  it('that comes before the version counts once its signature does', () => {
    const ctx = openContext();
    const artifactId = retract(ctx, RELEASE);
    expect(allNoticesOf(ctx.database.db, [artifactId]).size).toBe(0);
    const version = signModel(ctx, 'tuned');
    arrive(ctx, [version]);
    expect(allNoticesOf(ctx.database.db, [version]).get(version)).toHaveLength(1);
  });
});
