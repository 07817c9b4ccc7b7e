import { describe, expect, it } from 'vitest';
import { alerts } from '#db/schema/alert.ts';
import { deployments } from '#db/schema/deployment.ts';
import { NO_POLICIES } from '#lib/provenance/expected-signer.ts';
import type { Scope } from '#lib/provenance/scope.ts';
import { mergeArtifacts } from '#lib/services/graph/merge-artifacts.ts';
import { decideArtifacts } from '#lib/services/incident/decide.ts';
import { editScope } from '#lib/services/incident/edit-scope.ts';
import { evaluateIncident, listToEvaluate } from '#lib/services/incident/evaluate.ts';
import { listIncidentArtifacts } from '#lib/services/incident/list-artifacts.ts';
import { noticesOf } from '#lib/services/incident/notices-of.ts';
import { setState } from '#lib/services/incident/set-state.ts';
import { settleEvents } from '#lib/services/settle.ts';
import { MINT_TIME, mintEvent } from '#test/factories.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { observe, RELEASE, rootOf } from '../graph/mint-graph.ts';
import { arrive, mintLate, mintPoisoned, open, RESPONDER } from './mint-incident.ts';

const NOTHING: Scope = { is: { kind: 'dataset', alias: 'sha256:'.padEnd(71, '0') } };

const by = (id: string) => ({ id, actor: RESPONDER });
const alertsOf = (ctx: TestContext) => ctx.database.db.select().from(alerts).all();

async function partsOf(ctx: TestContext, id: string) {
  const { artifacts } = await listIncidentArtifacts(ctx.database, { id, filter: {}, limit: 200 });
  return artifacts;
}

describe('what comes in later', () => {
  it('joins an open incident once, with one alert', async () => {
    const ctx = openContext();
    mintPoisoned(ctx);
    const { id } = open(ctx);
    expect(listToEvaluate(ctx)).toEqual([]);
    const late = mintLate(ctx);
    expect(listToEvaluate(ctx)).toEqual([id]);
    expect(evaluateIncident(ctx, id)).toMatchObject({ joined: [late], left: [] });
    expect(listToEvaluate(ctx)).toEqual([]);
    arrive(ctx, [late]);
    expect(listToEvaluate(ctx)).toEqual([id]);
    expect(evaluateIncident(ctx, id)).toMatchObject({ joined: [], left: [] });
    expect((await partsOf(ctx, id)).find(({ artifactId }) => artifactId === late)).toMatchObject({ joined: true });
    const raised = alertsOf(ctx);
    expect(raised.map(({ kind, count }) => [kind, count])).toEqual([
      ['incident-opened', 1],
      ['incident-joined', 1],
    ]);
    expect(raised[1]?.title).toMatch(/^late .* joined incident #1$/);
  });

  it('is told of in one alert where much comes at once', () => {
    const ctx = openContext();
    const { id } = open(ctx);
    for (let i = 0; i < 25; i++) mintLate(ctx, `late-${i}`);
    expect(evaluateIncident(ctx, id).joined).toHaveLength(25);
    expect(alertsOf(ctx).filter(({ kind }) => kind === 'incident-joined')).toMatchObject([
      { title: '25 new artifacts joined incident #1' },
    ]);
  });

  it('joins where only an entry of a log shows who signed it', () => {
    const ctx = openContext();
    const seen = observe(ctx, 'seen');
    const { id } = open(ctx, { scope: { is: { kind: 'identity', identity: RELEASE.san } } });
    const { id: eventId } = mintEvent(ctx.database, null, { id: 'evt_logged', digest: rootOf('seen'), ...RELEASE });
    ctx.database.db.transaction((tx) => settleEvents(tx, [eventId], { policies: NO_POLICIES, now: ctx.now() }));
    expect(listToEvaluate(ctx)).toEqual([id]);
    expect(evaluateIncident(ctx, id).joined).toEqual([seen]);
  });

  it('joins no closed incident until it is reopened', () => {
    const ctx = openContext();
    const { id } = open(ctx);
    setState(ctx, { ...by(id), state: 'closed', resolution: 'A mistake.' });
    const late = mintLate(ctx);
    expect(listToEvaluate(ctx)).toEqual([]);
    expect(evaluateIncident(ctx, id).joined).toEqual([]);
    setState(ctx, { ...by(id), state: 'open' });
    expect(listToEvaluate(ctx)).toEqual([id]);
    expect(evaluateIncident(ctx, id).joined).toEqual([late]);
  });
});

describe('decisions', () => {
  it('survive evaluations, and edits of the scope', async () => {
    const ctx = openContext();
    const { tuned, distilled } = mintPoisoned(ctx);
    const { id } = open(ctx);
    const decide = { ...by(id), reason: 'Looked at it.' };
    decideArtifacts(ctx, { ...decide, artifactIds: [tuned], decision: 'affected' });
    decideArtifacts(ctx, { ...decide, artifactIds: [distilled], decision: 'cleared' });
    mintLate(ctx);
    evaluateIncident(ctx, id);
    const decided = () => partsOf(ctx, id).then((parts) => parts.map((part) => [part.artifactId, part.decision]));
    expect(await decided()).toEqual(
      expect.arrayContaining([
        [tuned, 'affected'],
        [distilled, 'cleared'],
      ]),
    );
    editScope(ctx, { ...by(id), scope: NOTHING });
    // The one that was decided to be affected stays refused, though the scope reaches it no more.
    expect(await decided()).toEqual([[tuned, 'affected']]);
    expect(noticesOf(ctx.database.db, [tuned, distilled])).toMatchObject([{ artifactId: tuned, refuses: true }]);
  });

  it('refuse the affected after closing, and let the undecided go', () => {
    const ctx = openContext();
    const { tuned, distilled } = mintPoisoned(ctx);
    const { id } = open(ctx);
    expect(noticesOf(ctx.database.db, [tuned, distilled])).toHaveLength(2);
    decideArtifacts(ctx, { ...by(id), artifactIds: [tuned], decision: 'affected', reason: 'Trained on it.' });
    setState(ctx, { ...by(id), state: 'closed', resolution: 'Retrained.' });
    expect(noticesOf(ctx.database.db, [tuned, distilled])).toMatchObject([{ artifactId: tuned, state: 'closed' }]);
  });

  it('that something is affected outweighs that it is cleared, where two things turn out to be one', async () => {
    const ctx = openContext();
    const { tuned } = mintPoisoned(ctx);
    const other = mintLate(ctx);
    const { id } = open(ctx);
    decideArtifacts(ctx, { ...by(id), artifactIds: [tuned], decision: 'cleared', reason: 'Another split.' });
    decideArtifacts(ctx, { ...by(id), artifactIds: [other], decision: 'affected', reason: 'Trained on it.' });
    ctx.database.db.transaction((tx) => mergeArtifacts(tx, tuned, other));
    const parts = await partsOf(ctx, id);
    expect(parts.find(({ artifactId }) => artifactId === tuned)).toMatchObject({ decision: 'affected' });
    expect(parts.map(({ artifactId }) => artifactId)).not.toContain(other);
  });
});

describe('what runs', () => {
  const refused = (ctx: TestContext) =>
    alertsOf(ctx)
      .filter(({ kind }) => kind === 'refused-deployment')
      .map(({ state }) => state);

  it('raises an alert while an incident refuses it, and none once it is cleared or the incident closed', () => {
    const ctx = openContext();
    const { tuned, distilled } = mintPoisoned(ctx);
    const running = {
      environment: 'production',
      given: '{}',
      source: 'ci',
      startedAt: MINT_TIME,
      confirmedAt: MINT_TIME,
    };
    ctx.database.db
      .insert(deployments)
      .values(
        [tuned, distilled].map((artifactId) => ({ id: `dep_${artifactId}`, artifactId, service: 's', ...running })),
      )
      .run();
    const { id } = open(ctx);
    expect(refused(ctx)).toEqual(['new', 'new']);
    decideArtifacts(ctx, { ...by(id), artifactIds: [tuned], decision: 'cleared', reason: 'Another split.' });
    expect(refused(ctx).sort()).toEqual(['new', 'resolved']);
    setState(ctx, { ...by(id), state: 'closed', resolution: 'A mistake.' });
    expect(refused(ctx)).toEqual(['resolved', 'resolved']);
    setState(ctx, { ...by(id), state: 'open' });
    expect(refused(ctx).sort()).toEqual(['new', 'resolved']);
  });
});

describe('the list of an incident', () => {
  it('begins with what runs, and comes in pages', async () => {
    const ctx = openContext();
    const { distilled, tuned } = mintPoisoned(ctx);
    const late = mintLate(ctx);
    const running = { environment: 'production', service: 'support', given: '{}', source: 'ci' };
    ctx.database.db
      .insert(deployments)
      .values({ id: 'dep_1', artifactId: distilled, ...running, startedAt: MINT_TIME, confirmedAt: MINT_TIME })
      .run();
    const { id } = open(ctx);
    const first = await listIncidentArtifacts(ctx.database, { id, filter: {}, limit: 1 });
    expect(first.artifacts).toMatchObject([
      { artifactId: distilled, deployments: [{ environment: 'production', service: 'support' }] },
    ]);
    const after = first.next ?? undefined;
    const rest = await listIncidentArtifacts(ctx.database, { id, filter: {}, after, limit: 10 });
    expect(rest).toMatchObject({ artifacts: [{ artifactId: tuned }, { artifactId: late }], next: null });
    const narrowed = await listIncidentArtifacts(ctx.database, { id, filter: { tier: 'descendant' }, limit: 10 });
    expect(narrowed.artifacts).toHaveLength(1);
  });

  it('has nothing of what nobody made with it', async () => {
    const ctx = openContext();
    observe(ctx, 'unrelated');
    const { id } = open(ctx);
    expect(await partsOf(ctx, id)).toEqual([]);
  });
});
