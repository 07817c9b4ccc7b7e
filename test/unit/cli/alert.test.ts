import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { raiseAlert } from '#lib/services/alert/raise.ts';
import { alertSettings } from '#lib/services/alert/settings.ts';
import { listAudit } from '#lib/services/audit/list.ts';
import { sendDue } from '#lib/services/message/send-due.ts';
import { sendTest } from '#lib/services/message/send-test.ts';
import { putAlertsInForce } from '#test/support/alert-settings.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { temporaryFolder } from '#test/support/product.ts';
import { runCli } from './run-cli.ts';

const folder = temporaryFolder();
const path = join(folder.path, 'm.db');
let ctx: TestContext;
let ids: string[];

beforeAll(() => {
  ctx = openContext(path);
  const command = '/bin/true';
  putAlertsInForce(ctx.database, { channels: [{ kind: 'hook', name: 'script', command }] });
  ids = ['a\u001b[31m', 'b'].map((title) =>
    ctx.database.db.transaction((tx) =>
      raiseAlert(tx, {
        kind: 'impersonation',
        severity: 'high',
        subject: title,
        title,
        statement: 'x',
        evidence: {},
        href: '/',
        now: ctx.now(),
      }),
    ),
  );
});
afterAll(() => {
  ctx.database.close();
  folder.remove();
});

const run = (...args: string[]) => runCli(['alert', ...args, '--database', path]);

describe('modeltrail alert', { timeout: 60_000 }, () => {
  it('lists what is open, with what to do, and nothing that drives the terminal', async () => {
    const { code, stdout } = await run('list');
    expect(code).toBe(1);
    expect(stdout).toContain(`${ids[0]}  High: a\\u{1b}[31m`);
    expect(stdout).toContain('What now  Find out who does it.');
    const json = await run('list', '--kind', 'impersonation', '--json');
    expect(JSON.parse(json.stdout).alerts).toHaveLength(2);
    expect((await run('list', '--state', 'resolved')).code).toBe(0);
    expect(await run('list', '--severity', 'grave')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('low, medium'),
    });
  });

  it('acknowledges, mutes and resolves, and says who in the trail', async () => {
    const [first = '', second = ''] = ids;
    expect(await run('acknowledge', first, second, '--note', 'asked')).toMatchObject({
      code: 0,
      stdout: '2 alerts acknowledged.\n',
    });
    expect((await run('acknowledge', first)).code).toBe(1);
    expect((await run('mute', first, '--for', '8h')).stdout).toMatch(/^1 alert muted until /);
    expect((await run('mute', first)).code).toBe(2);
    expect((await run('resolve', first)).code).toBe(0);
    expect(await run('resolve', 'alr_none')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no alert alr_none'),
    });
    const trail = await listAudit(ctx.database, { chain: 'alerts', limit: 10 });
    expect(trail.map(({ action, actor }) => `${actor.kind} ${action}`)).toEqual([
      'command-line alert.resolved',
      'command-line alert.muted',
      'command-line alert.acknowledged',
      'command-line alert.acknowledged',
    ]);
  });

  it('sends again what was given up, once however often it is asked for', async () => {
    const id = sendTest(ctx, 'script', { kind: 'command-line' });
    ctx.database.sqlite.exec("UPDATE messages SET state = 'failed', problem = 'gone'");
    expect(await run('resend', id)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`${id} is in the outbox`),
    });
    expect(await run('resend', id)).toMatchObject({ code: 1, stdout: expect.stringContaining('already') });
    expect(await run('resend', 'msg_none')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no message msg_none'),
    });
  });

  it('tests a channel: taken, or not sent where no jobs run', async () => {
    expect(await run('test', 'none')).toMatchObject({ code: 2, stderr: expect.stringContaining('There are: script.') });
    expect(await run('test', 'script', '--wait', '1s')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('do the jobs run'),
    });
    const [channel] = alertSettings(ctx.database.db).channels;
    if (!channel) throw new Error('there is no channel');
    const testing = run('test', 'script', '--wait', '30s');
    let isDone = false;
    void testing.finally(() => {
      isDone = true;
    });
    const sending = { ...ctx, now: Date.now };
    while (!isDone) {
      await sendDue(sending, channel, { address: null, environment: {} });
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await testing).toMatchObject({ code: 0, stdout: expect.stringMatching(/^script took the test msg_/) });
  });
});
