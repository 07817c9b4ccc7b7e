import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Api, createApi } from '#lib/http/api.ts';
import { writeTest } from '#lib/notify/write-notice.ts';
import type { Scope } from '#lib/services/access/scope.ts';
import { raiseAlert } from '#lib/services/alert/raise.ts';
import { listAudit } from '#lib/services/audit/list.ts';
import { putMessage } from '#lib/services/message/put.ts';
import { putAlertsInForce } from '#test/support/alert-settings.ts';
import { ask } from './described.ts';
import { openScene, type Scene } from './scene.ts';

let scene: Scene;
let api: Api;
let ids: string[];

beforeEach(() => {
  scene = openScene();
  api = createApi(scene.environment);
  ids = (['low', 'high', 'critical'] as const).map((severity, i) => {
    scene.ctx.tick(1);
    return scene.ctx.database.db.transaction((tx) =>
      raiseAlert(tx, {
        kind: i === 0 ? 'retraction' : 'impersonation',
        severity,
        subject: `s${i}`,
        title: 'A <b>title</b>',
        statement: 'A statement.',
        evidence: { identity: 'release-bot@models.example' },
        href: '/events',
        now: scene.ctx.now(),
      }),
    );
  });
});
afterEach(() => scene.ctx.database.close());

function post(path: string, token: string | null, body?: unknown) {
  const headers = {
    'Content-Type': 'application/json',
    ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
  };
  return ask(api, path, { method: 'POST', headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
}

describe('alerts over the API', () => {
  it('are listed page by page, and narrowed', async () => {
    const first = (await ask(api, '/api/v1/alerts?limit=2')).body as { alerts: { id: string }[]; next: string };
    const second = (await ask(api, `/api/v1/alerts?limit=2&cursor=${first.next}`)).body as typeof first;
    expect([...first.alerts, ...second.alerts].map(({ id }) => id)).toEqual([...ids].reverse());
    expect(second.next).toBeNull();
    const count = async (query: string) =>
      ((await ask(api, `/api/v1/alerts?${query}`)).body as typeof first).alerts.length;
    expect(await count('severity=high')).toBe(2);
    expect(await count('kind=retraction')).toBe(1);
    expect(await count('state=open')).toBe(3);
    expect(await count('state=resolved')).toBe(0);
  });

  it('say what, how it is known and what now', async () => {
    const { body } = await ask(api, `/api/v1/alerts/${ids[0]}`);
    expect(body).toMatchObject({
      id: ids[0],
      how: expect.any(String),
      next: 'Take the version out of use.',
      messages: [],
    });
    expect((await ask(api, '/api/v1/alerts/alr_none')).response.status).toBe(404);
  });

  it('are acknowledged, muted, unmuted and resolved, and the trail has the token', async () => {
    const token = scene.token('investigate');
    const path = `/api/v1/alerts/${ids[1]}`;
    expect((await post(`${path}/acknowledge`, token)).body).toMatchObject({ state: 'acknowledged' });
    const untilAt = scene.ctx.now() + 60_000;
    expect((await post(`${path}/mute`, token, { untilAt, note: 'x' })).body).toMatchObject({
      state: 'muted',
      mutedUntilAt: untilAt,
    });
    expect((await post(`${path}/unmute`, token, {})).body).toMatchObject({ state: 'new', mutedUntilAt: null });
    expect((await post(`${path}/resolve`, token, { note: 'y' })).body).toMatchObject({
      state: 'resolved',
      resolvedAt: scene.ctx.now(),
    });
    const trail = await listAudit(scene.ctx.database, { chain: 'alerts', limit: 10 });
    expect(trail).toHaveLength(4);
    expect(trail[0]).toMatchObject({
      action: 'alert.resolved',
      actor: { kind: 'token', name: 'ci 0' },
      target: ids[1],
    });
  });

  it.each([
    ['none', null, 401],
    ['read', 'read', 403],
    ['ingest', 'ingest', 403],
    ['deploy', 'deploy', 403],
  ] as const)(
    'are changed with the scope investigate alone; with %s they are not',
    async (_, scope: Scope | null, status) => {
      const token = scope === null ? null : scene.token(scope);
      for (const change of ['acknowledge', 'mute', 'unmute', 'resolve']) {
        const { response } = await post(`/api/v1/alerts/${ids[0]}/${change}`, token, { nonsense: true });
        expect(response.status).toBe(status);
      }
      expect((await ask(api, `/api/v1/alerts/${ids[0]}`)).body).toMatchObject({ state: 'new' });
    },
  );

  it.each([
    ['mute', {}, 'untilAt'],
    ['mute', { untilAt: 1 }, 'untilAt'],
    ['mute', { untilAt: 8e15 }, 'untilAt'],
    ['mute', { untilAt: 'tomorrow' }, 'untilAt'],
    ['acknowledge', { note: 'x'.repeat(2001) }, 'note'],
    ['resolve', { reason: 'x' }, 'reason'],
  ])('refuse %s with %j at the field at fault', async (change, body, at) => {
    const { response, body: problem } = await post(
      `/api/v1/alerts/${ids[0]}/${change}`,
      scene.token('investigate'),
      body,
    );
    expect([response.status, problem]).toMatchObject([400, { at }]);
  });

  it('that are none are not found', async () => {
    const { response } = await post('/api/v1/alerts/alr_none/resolve', scene.token('investigate'));
    expect(response.status).toBe(404);
  });
});

describe('a message that was given up', () => {
  const path = '/api/v1/alerts/messages';

  /** A message of the first alert, given up. */
  function failed(): string {
    const { database } = scene.ctx;
    putAlertsInForce(database, {
      channels: [{ name: 'script', kind: 'hook', command: '/bin/true' }],
    });
    const notice = writeTest('script', scene.ctx.now());
    const input = { channel: 'script', routes: [], notice, alertIds: [ids[0] ?? ''], occasion: ['x'], now: 1 };
    const id = putMessage(database.db, input) ?? '';
    database.sqlite
      .prepare("UPDATE messages SET state = 'failed', attempts = 9, problem = 'gone' WHERE id = ?")
      .run(id);
    return id;
  }

  it('is sent again with the scope investigate, and once however often it is asked for', async () => {
    const id = failed();
    for (let i = 0; i < 2; i++) {
      const { response, body } = await post(`${path}/${id}/resend`, scene.token('investigate'));
      expect([response.status, body]).toMatchObject([200, { id, state: 'pending', attempts: 0, problem: null }]);
    }
    expect(await listAudit(scene.ctx.database, { chain: 'alerts', action: 'message.resent', limit: 10 })).toHaveLength(
      1,
    );
  });

  it.each([
    [null, 401],
    ['read', 403],
    ['ingest', 403],
  ] as const)('stays as it is with %s', async (scope, status) => {
    const id = failed();
    const { response } = await post(`${path}/${id}/resend`, scope && scene.token(scope));
    expect(response.status).toBe(status);
    expect((await ask(api, `/api/v1/alerts/${ids[0]}`)).body).toMatchObject({ messages: [{ id, state: 'failed' }] });
  });

  it('is told of where it is not there, or its channel is gone', async () => {
    const token = scene.token('investigate');
    expect((await post(`${path}/msg_none/resend`, token)).response.status).toBe(404);
    const id = failed();
    putAlertsInForce(scene.ctx.database, {});
    const { response, body } = await post(`${path}/${id}/resend`, token);
    expect([response.status, body]).toMatchObject([400, { detail: expect.stringContaining('no channel script') }]);
  });
});
