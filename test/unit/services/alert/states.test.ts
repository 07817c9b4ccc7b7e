import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase } from '#db/migrate.ts';
import { ALERT_KINDS, type AlertKind, type AlertSeverity } from '#lib/provenance/alert-kind.ts';
import { ALERT } from '#lib/provenance/alert-words.ts';
import { acknowledgeAlerts } from '#lib/services/alert/acknowledge.ts';
import { MAX_NOTE } from '#lib/services/alert/change.ts';
import { getAlert } from '#lib/services/alert/get.ts';
import { countAlerts, listAlerts } from '#lib/services/alert/list.ts';
import { LONGEST_MUTE, muteAlerts } from '#lib/services/alert/mute.ts';
import { raiseAlert } from '#lib/services/alert/raise.ts';
import { resolveAlerts } from '#lib/services/alert/resolve.ts';
import { settleAlerts } from '#lib/services/alert/settle.ts';
import { unmuteAlerts } from '#lib/services/alert/unmute.ts';
import { checkAuditChain } from '#lib/services/audit/check.ts';
import { listAudit } from '#lib/services/audit/list.ts';
import { type AlertScene, allAlerts, MINUTE, openAlertScene, outbox } from './scene.ts';

const ACTOR = { kind: 'user', id: 'usr_1', name: 'release manager' } as const;
let scene: AlertScene;

beforeEach(() => {
  scene = openAlertScene();
});
afterEach(() => scene.ctx.database.close());

const raise = (severity: AlertSeverity = 'medium', kind: AlertKind = 'refused-deployment', subject = 'dep_1') =>
  scene.ctx.database.db.transaction((tx) =>
    raiseAlert(tx, {
      kind,
      severity,
      subject,
      title: 'A title',
      statement: 'A statement.',
      evidence: {},
      href: '/',
      now: scene.ctx.now(),
    }),
  );
const settle = (id: string) => scene.ctx.database.db.transaction((tx) => settleAlerts(tx, [id], scene.ctx.now()));
const by = (...ids: string[]) => ({ ids, actor: ACTOR });
const state = () => allAlerts(scene.ctx).map((alert) => `${alert.state} ${alert.count}`);
const told = () => outbox(scene.ctx).map(({ kind }) => kind);

describe('an alert', () => {
  it('that comes again while it is new is counted, and told once', async () => {
    raise();
    await scene.round();
    raise();
    raise('low');
    await scene.round();
    expect([state(), told()]).toEqual([['new 3'], ['alert']]);
  });

  it('that was acknowledged is not told again, unless it becomes graver', async () => {
    const id = raise();
    await scene.round();
    acknowledgeAlerts(scene.ctx, by(id));
    raise();
    raise('low');
    await scene.round();
    expect([state(), told()]).toEqual([['acknowledged 3'], ['alert']]);
    raise('critical');
    await scene.round();
    expect([state(), told()]).toEqual([['new 4'], ['alert', 'alert']]);
  });

  it('that was acknowledged before anybody was told is not told', async () => {
    acknowledgeAlerts(scene.ctx, by(raise()));
    await scene.round();
    expect(told()).toEqual([]);
  });

  it('that is muted stays silent until its time is over, however grave it becomes, and is told then', async () => {
    const id = raise();
    await scene.round();
    muteAlerts(scene.ctx, { ...by(id), until: scene.ctx.now() + 10 * MINUTE });
    raise('critical');
    await scene.round();
    expect([state(), told()]).toEqual([['muted 2'], ['alert']]);
    scene.ctx.tick(10 * MINUTE);
    for (let i = 0; i < 2; i++) await scene.round();
    expect([state(), told()]).toEqual([['new 2'], ['alert', 'alert']]);
  });

  it('that is muted and whose cause goes is resolved silently', async () => {
    const id = raise();
    await scene.round();
    muteAlerts(scene.ctx, { ...by(id), until: scene.ctx.now() + 10 * MINUTE });
    settle(id);
    scene.ctx.tick(10 * MINUTE);
    await scene.round();
    expect([state(), told()]).toEqual([['resolved 1'], ['alert']]);
  });

  it('that was resolved and comes again is new, and told', async () => {
    const id = raise();
    await scene.round();
    settle(id);
    await scene.round();
    scene.ctx.tick(1);
    raise();
    await scene.round();
    expect(allAlerts(scene.ctx)).toMatchObject([{ state: 'new', count: 2, resolvedAt: null }]);
    expect(told()).toEqual(['alert', 'resolved', 'alert']);
  });

  it('whose cause went before anybody was told is told of by nobody', async () => {
    settle(raise());
    await scene.round();
    expect([state(), told()]).toEqual([['resolved 1'], []]);
  });

  it('that somebody resolved is told to nobody as resolved', async () => {
    const id = raise();
    await scene.round();
    resolveAlerts(scene.ctx, by(id));
    settle(id);
    await scene.round();
    expect([state(), told()]).toEqual([['resolved 1'], ['alert']]);
  });
});

describe('a decision about alerts', () => {
  it('is written down once, with who and why, in a chain that holds', async () => {
    const id = raise();
    expect(acknowledgeAlerts(scene.ctx, { ...by(id, id), note: 'asked the team' })).toBe(1);
    expect(acknowledgeAlerts(scene.ctx, by(id))).toBe(0);
    muteAlerts(scene.ctx, { ...by(id), until: scene.ctx.now() + 1000 });
    expect(unmuteAlerts(scene.ctx, by(id))).toBe(1);
    expect(unmuteAlerts(scene.ctx, by(id))).toBe(0);
    resolveAlerts(scene.ctx, by(id));
    for (const change of [acknowledgeAlerts, resolveAlerts, unmuteAlerts]) expect(change(scene.ctx, by(id))).toBe(0);
    const history = await listAudit(scene.ctx.database, { chain: 'alerts', target: id, limit: 10 });
    expect(history.map(({ action, actor, detail }) => [action, actor, detail.from, detail.note])).toEqual([
      ['alert.resolved', ACTOR, 'new', undefined],
      ['alert.unmuted', ACTOR, 'muted', undefined],
      ['alert.muted', ACTOR, 'acknowledged', undefined],
      ['alert.acknowledged', ACTOR, 'new', 'asked the team'],
    ]);
    expect(await checkAuditChain(scene.ctx.database, 'alerts')).toBeNull();
    expect(await getAlert(scene.ctx.database, id)).toMatchObject({ history: [{}, {}, {}, {}], isStanding: true });
  });

  it('is made for all of the alerts or for none', () => {
    const id = raise();
    expect(() => resolveAlerts(scene.ctx, by(id, 'alr_none'))).toThrow('There is no alert alr_none.');
    expect(state()).toEqual(['new 1']);
  });

  it.each([
    ['a past', -1, 'past'],
    ['the present', 0, 'past'],
    ['a far', LONGEST_MUTE + 1, 'a year'],
    ['no', Number.NaN, 'past'],
  ])('mutes until %s time never', (_, ahead, message) => {
    const id = raise();
    expect(() => muteAlerts(scene.ctx, { ...by(id), until: scene.ctx.now() + ahead })).toThrow(message);
    expect(state()).toEqual(['new 1']);
  });

  it('takes no note without end, and not everything at once', () => {
    const id = raise();
    expect(() => resolveAlerts(scene.ctx, { ...by(id), note: 'x'.repeat(MAX_NOTE + 1) })).toThrow('note');
    expect(() => resolveAlerts(scene.ctx, by(...Array(1001).fill(id)))).toThrow('at once');
  });
});

describe('the list of alerts', () => {
  it('is paged by when they came last, and narrowed by state, kind and severity', async () => {
    const ids = Array.from({ length: 5 }, (_, i) => {
      scene.ctx.tick(1);
      return raise(i < 2 ? 'low' : 'high', i === 0 ? 'retraction' : 'refused-deployment', `dep_${i}`);
    });
    acknowledgeAlerts(scene.ctx, by(ids[3] ?? ''));
    const { database } = scene.ctx;
    const first = await listAlerts(database, { filter: {}, limit: 3 });
    const second = await listAlerts(database, { filter: {}, limit: 3, olderThan: first.next ?? undefined });
    expect([...first.alerts, ...second.alerts].map(({ id }) => id)).toEqual([...ids].reverse());
    expect(second.next).toBeNull();
    const list = async (filter: Parameters<typeof listAlerts>[1]['filter']) =>
      (await listAlerts(database, { filter, limit: 200 })).alerts.length;
    expect(await list({ state: 'new' })).toBe(4);
    expect(await list({ state: 'open' })).toBe(5);
    expect(await list({ kind: 'retraction' })).toBe(1);
    expect(await list({ severity: 'medium' })).toBe(3);
    expect(await list({ state: 'resolved' })).toBe(0);
    expect(await countAlerts(database)).toEqual({ new: 4, acknowledged: 1, muted: 0, resolved: 0 });
  });
});

describe('every kind of alert', () => {
  it.each(ALERT_KINDS)('says what, how it is known and what now: %s', (kind) => {
    const { what, how, next, word } = ALERT[kind];
    for (const sentence of [what, how, next]) expect(sentence).toMatch(/^\p{Lu}.*\.$/u);
    expect(word).not.toMatch(/\.$/);
  });

  it('can be raised on a database on which nothing ever ran', () => {
    const database = createDatabase(':memory:');
    database.db.transaction((tx) => {
      for (const kind of ALERT_KINDS) {
        const told = { title: 'a', statement: 'b', evidence: {}, href: '/', now: 1 };
        raiseAlert(tx, { kind, severity: ALERT[kind].severity, subject: 'x', ...told });
      }
    });
    database.close();
  });
});
