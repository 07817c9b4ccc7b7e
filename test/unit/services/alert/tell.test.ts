import { afterEach, describe, expect, it } from 'vitest';
import { ALERT_KINDS, type AlertKind, type AlertSeverity } from '#lib/provenance/alert-kind.ts';
import { acknowledgeAlerts } from '#lib/services/alert/acknowledge.ts';
import { raiseAlert } from '#lib/services/alert/raise.ts';
import { periodOf } from '#lib/services/alert/send-digests.ts';
import { settleAlerts } from '#lib/services/alert/settle.ts';
import { putAlertsInForce, type WrittenAlerts } from '#test/support/alert-settings.ts';
import { type AlertScene, allAlerts, MINUTE, openAlertScene, outbox, ROUTED } from './scene.ts';

const HOUR = 60 * MINUTE;
let scene: AlertScene;
afterEach(() => scene.ctx.database.close());

const [HOOK] = ROUTED.channels ?? [];
const channel = (name: string) => ({ ...HOOK, name }) as NonNullable<typeof HOOK>;

function open(routes: WrittenAlerts['routes'], channels = ['a', 'b']): void {
  scene = openAlertScene({ alerts: { channels: channels.map(channel), routes } });
}

interface Raised {
  readonly kind?: AlertKind;
  readonly severity?: AlertSeverity;
  readonly evidence?: Readonly<Record<string, string>>;
}

let subjects = 0;
function raise({ kind = 'impersonation', severity = 'high', evidence = {} }: Raised = {}): string {
  const said = { subject: `${subjects++}`, title: 'x', statement: 'y', href: '/', now: scene.ctx.now() };
  return scene.ctx.database.db.transaction((tx) => raiseAlert(tx, { kind, severity, evidence, ...said }));
}

const settle = (...ids: string[]) => scene.ctx.database.db.transaction((tx) => settleAlerts(tx, ids, scene.ctx.now()));
const told = () => outbox(scene.ctx).map(({ channel: to, routes, heading }) => [to, routes.join(), heading]);

describe('routes', () => {
  it('lead alerts by kind and severity to their channels, each once a channel', async () => {
    open([
      { name: 'grave', severity: 'high', channels: ['a'] },
      { name: 'strangers', kinds: ['impersonation', 'look-alike'], channels: ['a', 'b'] },
    ]);
    raise({ severity: 'low' });
    raise({ kind: 'retraction' });
    await scene.round();
    expect(told()).toEqual([
      ['a', 'strangers', 'Low: Impersonation'],
      ['a', 'grave', 'High: Retraction'],
      ['b', 'strangers', 'Low: Impersonation'],
    ]);
  });

  it.each([
    [{ rules: ['Release *'] }, { rule: 'Release bot' }, true],
    [{ rules: ['Release *'] }, { rule: 'Upstream', 'rule 2': 'Release bot' }, true],
    [{ rules: ['Release *'] }, { rule: 'Upstream' }, false],
    [{ rules: ['Release *'] }, {}, false],
    [{ rules: ['*'] }, { 'rule of law': 'x' }, false],
    [{ models: ['northwind/*'] }, { model: 'northwind/base' }, true],
    [{ models: ['northwind/*'] }, { model: 'northwind/base/x' }, false],
    [{ models: ['northwind/**'] }, { model: 'northwind/base/x' }, true],
    [{ models: ['a', 'b'] }, { model: 'b' }, true],
    [{ models: ['a'], rules: ['r'] }, { model: 'a' }, false],
    [{ models: ['a'], rules: ['r'] }, { model: 'a', rule: 'r' }, true],
    [{ kinds: ['retraction'] }, {}, false],
  ] as const)('with %j take an alert with %j: %s', async (criteria, evidence, isTaken) => {
    const { kinds = [], rules = [], models = [] } = criteria as Partial<Record<string, readonly string[]>>;
    const some = { rules: [...rules], models: [...models], kinds: ALERT_KINDS.filter((kind) => kinds.includes(kind)) };
    open([{ name: 'r', channels: ['a'], ...some }]);
    raise({ evidence });
    await scene.round();
    expect(outbox(scene.ctx)).toHaveLength(isTaken ? 1 : 0);
  });

  it('that are none leave alerts on their page', async () => {
    open([]);
    raise();
    await scene.round();
    expect(outbox(scene.ctx)).toEqual([]);
    expect(allAlerts(scene.ctx)).toMatchObject([{ state: 'new', tell: null }]);
  });

  it('tell of what is resolved only where they say so', async () => {
    open([
      { name: 'all', channels: ['a'], resolved: true },
      { name: 'some', channels: ['b'] },
    ]);
    const id = raise();
    await scene.round();
    settle(id);
    for (let i = 0; i < 2; i++) await scene.round();
    expect(told().slice(2)).toEqual([['a', 'all', 'Resolved: Impersonation']]);
  });

  it('tell again of what nobody acknowledged, after as long as they say, all in one', async () => {
    open([{ name: 'all', channels: ['a'], repeat: '1h' }]);
    const evidence = { identity: 'x@models.example' };
    const first = raise({ evidence });
    raise({ evidence });
    await scene.round();
    scene.ctx.tick(59 * MINUTE);
    await scene.round();
    expect(told()).toHaveLength(1);
    scene.ctx.tick(MINUTE);
    for (let i = 0; i < 2; i++) await scene.round();
    expect(told().slice(1)).toEqual([['a', 'all', 'Still new: Impersonation (2), high']]);
    acknowledgeAlerts(scene.ctx, { ids: [first], actor: { kind: 'loopback' } });
    scene.ctx.tick(HOUR);
    await scene.round();
    expect(told().slice(2)).toEqual([['a', 'all', 'Still new: Impersonation, high']]);
  });

  it('do not tell a channel of its own failure', async () => {
    open([{ name: 'all', channels: ['a', 'b'] }]);
    raise({ kind: 'failing-channel', evidence: { channel: 'a' } });
    await scene.round();
    expect(told()).toEqual([['b', 'all', 'High: Failing channel']]);
  });
});

describe('many alerts at once', () => {
  it('are one message a kind and signer', async () => {
    open([{ name: 'all', channels: ['a'] }]);
    const [one, two] = [{ identity: 'one@models.example' }, { identity: 'two@models.example' }];
    for (const evidence of [one, one, two, one]) raise({ evidence });
    raise({ kind: 'look-alike', evidence: one });
    await scene.round();
    expect(told().map(([, , heading]) => heading)).toEqual([
      'High: Impersonation (3)',
      'High: Impersonation',
      'High: Look-alike',
    ]);
  });

  it('are few messages, however many signers strangers make up', async () => {
    open([{ name: 'all', channels: ['a'] }]);
    for (let i = 0; i < 500; i++) raise({ evidence: { identity: `s${i}@evil.example` } });
    await scene.round();
    const messages = outbox(scene.ctx);
    expect(messages).toHaveLength(6);
    expect(messages.reduce((sum, { total }) => sum + total, 0)).toBe(500);
    expect(messages.at(-1)?.alerts).toHaveLength(25);
  });
});

describe('digests', () => {
  it('hold back an hour or a day of alerts, and are one message', async () => {
    open([
      { name: 'hours', channels: ['a'], digest: 'hourly' },
      { name: 'days', channels: ['b'], digest: 'daily' },
    ]);
    // 09:14.
    raise();
    raise({ kind: 'retraction', severity: 'critical' });
    await scene.round();
    scene.ctx.tick(45 * MINUTE);
    raise({ kind: 'look-alike' });
    await scene.round();
    expect(told()).toEqual([]);
    scene.ctx.tick(MINUTE);
    for (let i = 0; i < 2; i++) await scene.round();
    expect(told()).toEqual([['a', 'hours', 'Digest: 3 alerts, the gravest critical']]);
    expect(outbox(scene.ctx)[0]?.alerts.map(({ severity }) => severity)).toEqual(['critical', 'high', 'high']);
    scene.ctx.tick(24 * HOUR);
    for (let i = 0; i < 2; i++) await scene.round();
    expect(told().slice(1)).toEqual([['b', 'days', 'Digest: 3 alerts, the gravest critical']]);
  });

  it('end at the full hour, and at six in the morning UTC', () => {
    const at = (text: string) => Date.parse(`2026-03-12T${text}Z`);
    expect(periodOf('hourly', at('09:59:59.999'))).toBe(periodOf('hourly', at('09:00:00')));
    expect(periodOf('hourly', at('10:00:00'))).toBe(periodOf('hourly', at('09:00:00')) + 1);
    expect(periodOf('daily', at('06:00:00'))).toBe(periodOf('daily', at('05:59:59.999')) + 1);
    expect(periodOf('daily', at('23:59:00'))).toBe(periodOf('daily', at('06:00:00')));
  });

  it('of a route that now tells immediately are told at once, and of one that is gone are dropped', async () => {
    open([
      { name: 'r', channels: ['a'], digest: 'daily' },
      { name: 's', channels: ['a'], digest: 'daily' },
    ]);
    raise();
    await scene.round();
    const routes = [{ name: 'r', channels: ['b'] }];
    putAlertsInForce(scene.ctx.database, { channels: ['a', 'b'].map(channel), routes });
    await scene.round();
    expect(told()).toEqual([['b', 'r', 'Digest: 1 alert, the gravest high']]);
  });
});

describe('messages for channels that are gone', () => {
  it('are given up, and say why', async () => {
    open([{ name: 'all', channels: ['a'] }]);
    raise();
    await scene.round();
    putAlertsInForce(scene.ctx.database, { channels: [channel('b')] });
    await scene.round();
    const [row] = scene.ctx.database.sqlite.prepare('SELECT state, problem FROM messages').all();
    expect(row).toEqual({ state: 'failed', problem: 'The configuration has no such channel any more.' });
  });
});
