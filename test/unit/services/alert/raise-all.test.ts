import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventCertificates } from '#db/schema/certificate.ts';
import { events } from '#db/schema/event.ts';
import { expectedSignings } from '#db/schema/expected.ts';
import { findings } from '#db/schema/finding.ts';
import { jobRuns } from '#db/schema/job.ts';
import { logFaults, logs } from '#db/schema/log.ts';
import { sourceStates } from '#db/schema/source.ts';
import { resolveAlerts } from '#lib/services/alert/resolve.ts';
import { mintIssued } from '#test/certificate-factories.ts';
import { MINT_TIME, mintCheckpoint, mintFault, mintLog } from '#test/factories.ts';
import { type AlertScene, allAlerts, MINUTE, mintFinding, OWN, openAlertScene, outbox, ROUTED } from './scene.ts';

let scene: AlertScene;

beforeEach(() => {
  scene = openAlertScene();
});
afterEach(() => scene.ctx.database.close());

const told = () => allAlerts(scene.ctx).map(({ kind, state, count }) => `${kind} ${state} ${count}`);

describe('a round over a database in which all is well', () => {
  it('raises nothing', async () => {
    await scene.round();
    scene.ctx.tick(60 * MINUTE);
    await scene.round();
    expect(allAlerts(scene.ctx)).toEqual([]);
    expect(outbox(scene.ctx)).toEqual([]);
  });
});

describe('an own signing', () => {
  it('is raised once nobody accounted for it within the grace time, and then once', async () => {
    const event = scene.event();
    await scene.round();
    scene.ctx.tick(14 * MINUTE);
    await scene.round();
    expect(told()).toEqual([]);
    scene.ctx.tick(MINUTE);
    for (let i = 0; i < 3; i++) await scene.round();
    expect(allAlerts(scene.ctx)).toMatchObject([
      {
        kind: 'unclaimed-signing',
        subject: event.id,
        severity: 'high',
        count: 1,
        href: `/events/${event.id}`,
        title: 'release-bot@models.example signed what nobody has shown',
      },
    ]);
    expect(JSON.parse(allAlerts(scene.ctx)[0]?.evidence ?? '')).toMatchObject({
      identity: 'release-bot@models.example',
      issuer: 'https://accounts.models.example',
      rule: 'Release bot',
    });
    expect(outbox(scene.ctx)).toHaveLength(1);
  });

  it('is an alert of its own each: that one was acknowledged says nothing of the next', async () => {
    scene.event();
    scene.ctx.tick(15 * MINUTE);
    await scene.round();
    scene.event();
    scene.ctx.tick(15 * MINUTE);
    await scene.round();
    expect(told()).toEqual(['unclaimed-signing new 1', 'unclaimed-signing new 1']);
    expect(outbox(scene.ctx)).toHaveLength(2);
  });

  it.each([
    ['has a bundle', { claim: 'model' }],
    ['was declared', { expectedBy: 'exp_1' }],
    ['is no proof of anything', { authenticity: 'unverifiable' }],
    ['is none of ours', { rules: [{ ...OWN, own: false }] }],
  ] as const)('is no alarm where it %s', async (_, overrides) => {
    scene.event(overrides as Parameters<AlertScene['event']>[0]);
    scene.ctx.tick(60 * MINUTE);
    await scene.round();
    expect(told()).toEqual([]);
  });

  it('is resolved by itself, and told so once, when its bundle comes', async () => {
    const event = scene.event();
    scene.ctx.tick(15 * MINUTE);
    await scene.round();
    scene.ctx.database.db.update(events).set({ claim: 'model' }).where(eq(events.id, event.id)).run();
    scene.ctx.tick(MINUTE);
    for (let i = 0; i < 3; i++) await scene.round();
    expect(allAlerts(scene.ctx)).toMatchObject([{ state: 'resolved', resolvedAt: scene.ctx.now(), standing: false }]);
    expect(outbox(scene.ctx).map(({ kind }) => kind)).toEqual(['alert', 'resolved']);
  });

  it('is raised by the sweep where it became an alarm later than it was stored', async () => {
    const event = scene.event({ expectedBy: 'exp_1' });
    scene.ctx.tick(20 * MINUTE);
    await scene.round();
    scene.ctx.database.db.update(events).set({ expectedBy: null }).where(eq(events.id, event.id)).run();
    await scene.round();
    expect(told()).toEqual([]);
    scene.ctx.tick(10 * MINUTE);
    for (let i = 0; i < 2; i++) await scene.round();
    expect(told()).toEqual(['unclaimed-signing new 1']);
  });

  it('does not hold back those after it by a time that is ahead of the clock', async () => {
    scene.event({ firstSeenAt: scene.ctx.now() + 100 * 60 * MINUTE });
    await scene.round();
    expect(told()).toEqual(['unclaimed-signing new 1']);
  });

  it('that somebody resolved stays so while its cause is there', async () => {
    scene.event();
    scene.ctx.tick(15 * MINUTE);
    await scene.round();
    const [alert] = allAlerts(scene.ctx);
    resolveAlerts(scene.ctx, { ids: [alert?.id ?? ''], actor: { kind: 'command-line' } });
    for (let i = 0; i < 4; i++) {
      scene.ctx.tick(11 * MINUTE);
      await scene.round();
    }
    expect(told()).toEqual(['unclaimed-signing resolved 1']);
    expect(outbox(scene.ctx)).toHaveLength(1);
  });

  it('that nobody declared is an alarm of another kind where all must be', async () => {
    scene.ctx.database.close();
    scene = openAlertScene({ others: { expected: { alert: 'unexpected' } } });
    const declared = { source: 'api', declaredBy: 'ci', declaredAt: 0, validUntil: 1, uses: 1 } as const;
    scene.ctx.database.db
      .insert(expectedSignings)
      .values({ id: 'exp_1', ...declared, validFrom: MINT_TIME })
      .run();
    scene.event({ claim: 'model' });
    scene.event({ signedAt: MINT_TIME - 1000 });
    await scene.round();
    expect(told()).toEqual([]);
    scene.ctx.tick(MINUTE);
    await scene.round();
    expect(told()).toEqual(['unexpected-signing new 1']);
    scene.ctx.tick(15 * MINUTE);
    await scene.round();
    expect(told()).toEqual(['unclaimed-signing new 1', 'unexpected-signing new 1']);
  });
});

describe('signers that are strangers', () => {
  it('are one alert each, which counts their entries and is told once', async () => {
    const san = 'release-bot@models.example';
    for (let i = 0; i < 3; i++) scene.event({ authenticity: 'impersonation', san });
    await scene.round();
    scene.event({ authenticity: 'impersonation', san });
    scene.event({ authenticity: 'impersonation', san: 'other@models.example' });
    await scene.round();
    expect(told().sort()).toEqual(['impersonation new 1', 'impersonation new 4']);
    expect(outbox(scene.ctx)).toHaveLength(2);
  });

  it('that look like a watched name are raised with the rule', async () => {
    const rules = [{ ...OWN, how: 'look-alike', own: false }] as const;
    scene.event({ san: 'release-b\u043et@models.example', rules });
    await scene.round();
    expect(allAlerts(scene.ctx)).toMatchObject([
      { kind: 'look-alike', title: 'release-b\u043et@models.example looks like what the rule Release bot watches' },
    ]);
  });

  it('are raised where an entry that cannot be read holds a watched string', async () => {
    const rules = [{ ...OWN, how: 'bytes', field: 'bytes', own: false }] as const;
    scene.event({ san: null, issuer: null, undecided: 'no JSON', authenticity: 'unverifiable', rules });
    await scene.round();
    expect(told()).toEqual(['undecided-entry new 1']);
  });

  it('are found by the sweep where an entry was read again', async () => {
    const event = scene.event({ san: null, undecided: 'no JSON', authenticity: 'unverifiable', rules: [] });
    await scene.round();
    const read = { undecided: null, authenticity: 'impersonation', san: 'a@models.example' } as const;
    scene.ctx.database.db.update(events).set(read).where(eq(events.id, event.id)).run();
    for (let i = 0; i < 3; i++) {
      scene.ctx.tick(10 * MINUTE);
      await scene.round();
    }
    expect(told()).toEqual(['impersonation new 1']);
  });
});

describe('an own rule', () => {
  const WORKFLOW = 'https://github.com/models-example/base/.github/workflows';
  const claim = 'model';

  it('says nothing of its first signing, and of an issuer that it never had before it does', async () => {
    scene.event({ claim });
    scene.event({ claim, issuer: 'https://other.example' });
    scene.event({ claim, issuer: 'https://other.example' });
    await scene.round();
    expect(told()).toEqual(['unexpected-issuer new 1']);
  });

  it('finds the other workflow among however many signers a rule has', async () => {
    const san = (name: string) => ({ sanType: 'uri', san: name, claim: 'model' as const });
    scene.event(san(`${WORKFLOW}/release.yml@refs/tags/v1`));
    for (let i = 0; i < 300; i++)
      scene.event(san(`https://github.com/a-models-example/m${i}/.github/workflows/release.yml@refs/tags/v1`));
    await scene.round();
    expect(told()).toEqual([]);
    scene.event(san(`${WORKFLOW}/other.yml@refs/tags/v2`));
    await scene.round();
    expect(told()).toEqual(['unexpected-workflow new 1']);
  });

  it('tells of a new workflow of a repository, and not of a new tag', async () => {
    for (const path of [
      'release.yml@refs/tags/v1',
      'release.yml@refs/tags/v2',
      'evil.yml@refs/heads/x',
      'evil.yml@refs/heads/y',
    ])
      scene.event({ claim, san: `${WORKFLOW}/${path}`, sanType: 'uri' });
    await scene.round();
    expect(allAlerts(scene.ctx)).toMatchObject([{ kind: 'unexpected-workflow', count: 1 }]);
    expect(allAlerts(scene.ctx)[0]?.title).toContain('evil.yml');
  });
});

describe('findings of models', () => {
  it('are raised with their model, settled when resolved, and told of when mended', async () => {
    mintFinding(scene.ctx, 'fnd_1');
    mintFinding(scene.ctx, 'fnd_2', { kind: 'hash-mismatch' });
    mintFinding(scene.ctx, 'fnd_3', { kind: 'lost-provenance', resolvedAt: MINT_TIME });
    for (let i = 0; i < 2; i++) await scene.round();
    expect(told()).toEqual(['broken-link new 1', 'hash-mismatch new 1']);
    expect(JSON.parse(allAlerts(scene.ctx)[0]?.evidence ?? '')).toMatchObject({ model: 'northwind/base' });
    scene.ctx.database.db.update(findings).set({ resolvedAt: scene.ctx.now() }).run();
    for (let i = 0; i < 2; i++) await scene.round();
    expect(told()).toEqual(['broken-link resolved 1', 'hash-mismatch resolved 1', 'mended-link new 1']);
    scene.ctx.database.db.update(findings).set({ resolvedAt: null }).where(eq(findings.id, 'fnd_1')).run();
    for (let i = 0; i < 2; i++) await scene.round();
    expect(told()).toEqual(['broken-link new 2', 'hash-mismatch resolved 1', 'mended-link resolved 1']);
  });

  it('may be many: all are raised in one round, and are few messages', async () => {
    for (let i = 0; i < 1200; i++) mintFinding(scene.ctx, `fnd_${i}`);
    await scene.round();
    expect(allAlerts(scene.ctx)).toHaveLength(1200);
    expect(outbox(scene.ctx)).toMatchObject([{ heading: 'Medium: Broken link (1200)', total: 1200 }]);
  });

  it('are raised again where an old one of many breaks again, within a few rounds', async () => {
    const { db } = scene.ctx.database;
    for (let i = 0; i < 1200; i++) mintFinding(scene.ctx, `fnd_${i}`);
    await scene.round();
    const oldest = eq(findings.id, 'fnd_0');
    db.update(findings).set({ resolvedAt: scene.ctx.now() }).where(oldest).run();
    await scene.round();
    const stateOf = () =>
      allAlerts(scene.ctx).find(({ kind, subject }) => kind === 'broken-link' && subject === 'fnd_0');
    expect(stateOf()).toMatchObject({ state: 'resolved', count: 1 });
    db.update(findings).set({ resolvedAt: null }).where(oldest).run();
    for (let i = 0; i < 4; i++) await scene.round();
    expect(stateOf()).toMatchObject({ state: 'new', count: 2 });
  });
});

describe('logs', () => {
  it('that contradicted themselves are critical, once a fault, until somebody thawed them', async () => {
    const other = mintLog(scene.ctx.database, {
      origin: 'log.example',
      state: 'frozen',
      lastSuccessAt: MINT_TIME + 1e9,
    });
    const fault = mintFault(scene.ctx.database, other, { code: 'inconsistent', severity: 'misbehaviour' });
    mintFault(scene.ctx.database, other);
    scene.ctx.tick(10 * MINUTE);
    for (let i = 0; i < 2; i++) await scene.round();
    expect(allAlerts(scene.ctx)).toMatchObject([
      {
        kind: 'log-misbehaviour',
        severity: 'critical',
        count: 1,
        title: 'log.example contradicted itself, and is frozen',
      },
    ]);
    scene.ctx.database.db.update(logFaults).set({ resolvedAt: 1 }).where(eq(logFaults.id, fault)).run();
    scene.ctx.database.db.update(logs).set({ state: 'removed' }).where(eq(logs.id, other.id)).run();
    await scene.round();
    expect(told()).toEqual(['log-misbehaviour resolved 1']);
  });

  it('that are silent for longer than they may are raised, and resolved when they answer', async () => {
    const { db } = scene.ctx.database;
    db.update(logs)
      .set({ lastSuccessAt: MINT_TIME - 60 * MINUTE })
      .run();
    await scene.round();
    expect(told()).toEqual([]);
    scene.ctx.tick(MINUTE);
    for (let i = 0; i < 3; i++) await scene.round();
    expect(told()).toEqual(['log-silence new 1']);
    db.update(logs)
      .set({ lastSuccessAt: MINT_TIME + 1e9 })
      .run();
    await scene.round();
    expect(told()).toEqual(['log-silence resolved 1']);
  });
});

describe('what Modeltrail needs to work', () => {
  it('is raised once it failed for longer than the grace time, and not where it passes', async () => {
    const { db } = scene.ctx.database;
    const failing = { kind: 'folder', location: '/hub', error: 'gone', failures: 1 } as const;
    db.insert(sourceStates)
      .values({ name: 'hub', ...failing, result: '{}' })
      .run();
    db.insert(jobRuns).values({ name: 'back up', startedAt: MINT_TIME, finishedAt: MINT_TIME, error: 'no room' }).run();
    await scene.round();
    scene.ctx.tick(4 * MINUTE);
    db.update(jobRuns).set({ error: null }).where(eq(jobRuns.name, 'back up')).run();
    await scene.round();
    expect(told()).toEqual([]);
    db.update(jobRuns).set({ error: 'no room' }).where(eq(jobRuns.name, 'back up')).run();
    scene.ctx.tick(MINUTE);
    await scene.round();
    expect(told()).toEqual(['failing-source new 1']);
    scene.ctx.tick(5 * MINUTE);
    await scene.round();
    expect(told()).toEqual(['failing-jobs new 1', 'failing-source new 1']);
  });

  it('tells of a trust root that is old', async () => {
    scene.ctx.database.sqlite.exec(`UPDATE config_state SET trust_loaded_at = ${MINT_TIME - 2 * 24 * 60 * MINUTE}`);
    await scene.round();
    scene.ctx.tick(5 * MINUTE);
    await scene.round();
    expect(told()).toEqual(['stale-trust-root new 1']);
  });
});

describe('certificates', () => {
  it('that were never used, and that are missing, are raised, and settled when they are found', async () => {
    const { database } = scene.ctx;
    const log = mintLog(database, {
      origin: 'ct.example',
      api: 'ct-rfc6962',
      lastSuccessAt: MINT_TIME + 1e9,
      verifiedSize: 0,
    });
    const place = { log, checkpoint: mintCheckpoint(database, log, { size: 10 }) };
    const unused = mintIssued(database, { ...place, logIndex: 1 }, { state: 'unused', rules: [OWN] });
    mintIssued(database, { ...place, logIndex: 2 }, { state: 'unused', rules: [{ ...OWN, own: false }] });
    mintIssued(database, { ...place, logIndex: 3 }, { state: 'waiting', rules: [OWN] });
    const event = scene.event({ claim: 'model' });
    const row = { eventId: event.id, tbsSha256: 'aa', reason: 'It is not there.', checkedAt: 1 };
    database.db
      .insert(eventCertificates)
      .values({ ...row, state: 'missing' })
      .run();
    for (let i = 0; i < 2; i++) await scene.round();
    expect(allAlerts(scene.ctx)).toMatchObject([
      { kind: 'missing-certificate', subject: event.id, count: 1 },
      { kind: 'unused-certificate', subject: unused.id, count: 1 },
    ]);
    database.sqlite.exec("UPDATE issued_certificates SET state = 'used'");
    database.sqlite.exec("UPDATE event_certificates SET state = 'in-ct'");
    await scene.round();
    expect(told()).toEqual(['missing-certificate resolved 1', 'unused-certificate resolved 1']);
  });
});

describe('severities and grace times', () => {
  it('are those of the configuration', async () => {
    scene.ctx.database.close();
    scene = openAlertScene({
      alerts: { ...ROUTED, severities: { 'unclaimed-signing': 'low' }, grace: { unclaimed: '1s' } },
    });
    scene.event();
    scene.ctx.tick(1000);
    await scene.round();
    expect(allAlerts(scene.ctx)).toMatchObject([{ kind: 'unclaimed-signing', severity: 'low' }]);
  });
});
