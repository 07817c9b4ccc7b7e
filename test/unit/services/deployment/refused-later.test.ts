import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { alerts } from '#db/schema/alert.ts';
import { artifacts } from '#db/schema/artifact.ts';
import { deployments } from '#db/schema/deployment.ts';
import { noFacts } from '#lib/attestation/facts.ts';
import { configSchema } from '#lib/config/schema.ts';
import { compilePolicies, NO_POLICIES } from '#lib/provenance/expected-signer.ts';
import type { Scope } from '#lib/provenance/scope.ts';
import { REKOR_V2 } from '#lib/rekor/entry-format.ts';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import { raiseAlerts } from '#lib/services/alert/raise-all.ts';
import { resolveAlerts } from '#lib/services/alert/resolve.ts';
import { recordConfigInForce } from '#lib/services/config/record-state.ts';
import { rejudgeGraph } from '#lib/services/config/rejudge-graph.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { eventSink } from '#lib/services/event/event-sink.ts';
import { mergeArtifacts } from '#lib/services/graph/merge-artifacts.ts';
import { placeArtifact } from '#lib/services/graph/place-artifact.ts';
import { editScope } from '#lib/services/incident/edit-scope.ts';
import { evaluateIncident } from '#lib/services/incident/evaluate.ts';
import { rewindToVerified } from '#lib/services/log/commit-entries.ts';
import { compileRules } from '#lib/watch/rule.ts';
import { MINT_TIME, mintCheckpoint, mintEvent, mintLog } from '#test/factories.ts';
import { mintBundle } from '#test/model-factories.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { SCENE_STANDARDS } from '#test/support/verify-scene.ts';
import { attest, input, observe, RELEASE, rootOf, STRANGER, settle, signModel } from '../graph/mint-graph.ts';
import { arrive, mintPoisoned, open, POISONED, RESPONDER } from '../incident/mint-incident.ts';

function run(ctx: TestContext, artifactId: number): string {
  const id = `dep_${artifactId}`;
  const where = { environment: 'production', service: `service ${artifactId}`, given: '{}', source: 'ci' };
  ctx.database.db
    .insert(deployments)
    .values({ id, artifactId, ...where, startedAt: MINT_TIME, confirmedAt: MINT_TIME })
    .run();
  return id;
}

const refused = (ctx: ServiceContext) =>
  ctx.database.db
    .select({ deployment: alerts.subject, state: alerts.state })
    .from(alerts)
    .where(eq(alerts.kind, 'refused-deployment'))
    .all()
    .map(({ deployment, state }) => `${deployment} ${state}`);

const by = (id: string) => ({ id, actor: RESPONDER });

describe('what runs and is refused later', () => {
  it('alerts where an incident that could not exclude it comes to prove it affected', () => {
    const ctx = openContext();
    mintPoisoned(ctx);
    // The same signer, and no word on its data.
    const silent = signModel(ctx, 'silent');
    run(ctx, silent);
    const { id } = open(ctx);
    expect(refused(ctx)).toEqual([]);
    attest(ctx, 'silent', [input('dataset', { of: 'reviews' })]);
    arrive(ctx, []);
    evaluateIncident(ctx, id);
    expect(refused(ctx)).toEqual([`dep_${silent} new`]);
  });

  it('alerts where an edit of the scope makes what cannot be excluded a part of it', () => {
    const ctx = openContext();
    mintPoisoned(ctx);
    const silent = signModel(ctx, 'silent');
    run(ctx, silent);
    const { id } = open(ctx);
    const scope: Scope = { any: [POISONED, { is: { kind: 'identity', identity: RELEASE.san } }] };
    editScope(ctx, { ...by(id), scope });
    expect(refused(ctx)).toEqual([`dep_${silent} new`]);
  });

  it('alerts where the expected signer of what is no version of a model changes', () => {
    const ctx = openContext();
    const config = (identity: string) =>
      configSchema.parse({
        organisation: { name: 'Models Example', contact: 'security@models.example' },
        models: [{ name: 'ours', models: 'reviews', signers: [{ identity, issuer: RELEASE.issuer }] }],
      });
    const { bundleId } = attest(ctx, 'reviews', [], { facts: noFacts('croissant', '1.0') });
    const row = ctx.database.db.select({ id: artifacts.id }).from(artifacts).where(eq(artifacts.name, 'reviews')).get();
    const dataset = row?.id ?? 0;
    run(ctx, dataset);
    const rejudge = (identity: string) => {
      const wanted = config(identity);
      rejudgeGraph(ctx, wanted, { ...SCENE_STANDARDS, policies: compilePolicies(wanted.models) });
      recordConfigInForce(ctx, 'modeltrail.yaml', wanted);
    };
    recordConfigInForce(ctx, 'modeltrail.yaml', config(RELEASE.san));
    arrive(ctx, [dataset]);
    expect([bundleId.slice(0, 4), refused(ctx)]).toEqual(['bdl_', []]);
    rejudge(STRANGER.san);
    expect(refused(ctx)).toEqual([`dep_${dataset} new`]);
    rejudge(RELEASE.san);
    expect(refused(ctx)).toEqual([`dep_${dataset} resolved`]);
  });

  it('alerts in the next round where it turns out to be what an incident refuses', async () => {
    const ctx = openContext();
    const { tuned } = mintPoisoned(ctx);
    const other = signModel(ctx, 'other', { by: STRANGER });
    run(ctx, other);
    open(ctx);
    ctx.database.db.transaction((tx) => mergeArtifacts(tx, other, tuned));
    settle(ctx, [other]);
    expect(refused(ctx)).toEqual([]);
    await raiseAlerts(ctx);
    expect(refused(ctx)).toEqual([`dep_${other} new`]);
  });

  it('alerts once, and not again each round while somebody knows of it', async () => {
    const ctx = openContext();
    const { tuned } = mintPoisoned(ctx);
    run(ctx, tuned);
    open(ctx);
    const [alert] = ctx.database.db.select().from(alerts).where(eq(alerts.kind, 'refused-deployment')).all();
    resolveAlerts(ctx, { ids: [alert?.id ?? ''], actor: RESPONDER });
    await raiseAlerts(ctx);
    expect(refused(ctx)).toEqual([`dep_${tuned} resolved`]);
    expect(
      ctx.database.db
        .select({ count: alerts.count })
        .from(alerts)
        .where(eq(alerts.id, alert?.id ?? ''))
        .all(),
    ).toEqual([{ count: 1 }]);
  });

  it('is judged in pages, each deployment once', async () => {
    const ctx = openContext();
    const many = Array.from({ length: 1101 }, (_, i) => observe(ctx, `model ${i}`));
    for (const artifactId of many) run(ctx, artifactId);
    await raiseAlerts(ctx);
    expect(new Set(refused(ctx)).size).toBe(1101);
  });

  it('alerts where the entry that showed its signature is taken back', () => {
    const ctx = openContext();
    const { database } = ctx;
    const digest = rootOf('weights');
    const model = placeArtifact(
      database.db,
      { kind: 'model', name: 'weights', aliases: [{ scheme: 'sha256', value: digest, kind: 'oms-root' }] },
      ctx.now(),
    );
    const log = mintLog(database, { verifiedSize: 5 });
    const event = mintEvent(database, { log, checkpoint: mintCheckpoint(database, log), logIndex: 7 }, { digest });
    mintBundle(database, event, { content: 'message', signedSha256: digest, ...RELEASE });
    run(ctx, model);
    arrive(ctx, [model]);
    expect(refused(ctx)).toEqual([]);
    const tools = { matcher: compileRules([], nodeSha256), judge: neverJudged, policies: NO_POLICIES };
    rewindToVerified(ctx, log.id, eventSink(ctx, { ...tools, format: REKOR_V2 }));
    expect(refused(ctx)).toEqual([`dep_${model} new`]);
  });
});

const neverJudged = () => {
  throw new Error('nothing is read here');
};
