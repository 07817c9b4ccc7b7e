import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { retractionStatement } from '#lib/attestation/retraction-statement.ts';
import { type Api, createApi } from '#lib/http/api.ts';
import type { Scope } from '#lib/services/access/scope.ts';
import { ingestBundle } from '#lib/services/bundle/ingest.ts';
import { ask, describedRoutes } from './described.ts';
import { bytesOf, openScene, type Scene, sign, standards, WORKFLOW } from './scene.ts';

const POISONED = { is: { kind: 'dataset', alias: 'quay-images' } };
const NEW = { title: 'Poisoned images', severity: 'high', scope: POISONED };
let scene: Scene;
let api: Api;
let token: string;

interface Told {
  readonly id: string;
  readonly updatedAt: number;
  readonly artifacts: readonly { readonly artifactId: number; readonly tier: string }[];
}

beforeEach(() => {
  scene = openScene();
  api = createApi(scene.environment);
  token = scene.token('investigate');
});
afterEach(() => scene.ctx.database.close());

async function send(method: string, path: string, body?: unknown, by: string | null = token) {
  const headers = { 'Content-Type': 'application/json', ...(by !== null && { Authorization: `Bearer ${by}` }) };
  const asked = await ask(api, `/api/v1${path}`, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: asked.response.status, body: asked.body as Told & Record<string, unknown> };
}

/** Checksums of a version's files, whose contents are their names. */
const sums = (...names: readonly string[]) =>
  names.map((name) => `${createHash('sha256').update(name).digest('hex')}  ${name}\n`).join('');

async function verify(...names: readonly string[]) {
  const headers = { 'Content-Type': 'text/plain', Authorization: `Bearer ${scene.token('verify')}` };
  const asked = await ask(api, '/api/v1/verifications', { method: 'POST', headers, body: sums(...names) });
  return asked.body as {
    id: string;
    unmet: string[];
    answer: { outcome: string; sentence: string; notices: unknown[] };
  };
}

describe('incidents over the API', () => {
  it.each([
    ['none', null, 401],
    ['read', 'read', 403],
    ['deploy', 'deploy', 403],
  ] as const)(
    'need the scope investigate, for reading too; with %s each is refused',
    async (_, scope: Scope | null, status) => {
      const other = scope === null ? null : scene.token(scope);
      const routes = describedRoutes(api).filter(({ path }) => path.startsWith('/incidents'));
      expect(routes.length).toBeGreaterThan(12);
      for (const { method, path } of routes) {
        const target = path.replace('{id}', 'inc_1').replace('{event}', 'evt_1');
        const body = method === 'post' ? {} : undefined;
        expect((await send(method.toUpperCase(), target, body, other)).status, `${method} ${path}`).toBe(status);
      }
    },
  );

  it('previews a scope, opens it, decides, and refuses the affected in verdicts, lists and pages of the API', async () => {
    const preview = await send('POST', '/incidents/preview', { scope: POISONED });
    expect(preview.body).toMatchObject({ counts: { total: 2, tiers: { proven: 2 } } });
    const clean = await verify('config.json', 'model.safetensors');
    expect(clean).toMatchObject({ unmet: [], answer: { outcome: 'verified', notices: [] } });

    const { body: opened } = await send('POST', '/incidents', NEW);
    expect(opened).toMatchObject({ number: 1, state: 'open', scope: POISONED, counts: { total: 2, undecided: 2 } });
    const refused = await verify('config.json', 'model.safetensors');
    // What the bytes are is said as before; that they are refused stands beside it.
    expect(refused.answer).toMatchObject({
      outcome: 'verified',
      notices: [{ kind: 'incident', number: 1, refuses: true }],
    });
    expect(refused.answer.sentence).toContain('there as signed');
    expect(refused.unmet).toEqual([expect.stringMatching(/^Refused: part of incident #1 since /)]);

    const reader = scene.token('read');
    const { body: model } = await send('GET', `/models/${scene.slug}`, undefined, reader);
    expect(model.versions).toEqual([
      expect.objectContaining({ notices: [expect.objectContaining({ number: 1 })] }),
      expect.objectContaining({ notices: [expect.objectContaining({ number: 1 })] }),
    ]);
    const { body: artifact } = await send('GET', `/artifacts/sha256/${scene.roots[0]}`, undefined, reader);
    expect(artifact.notices).toMatchObject([{ incidentId: opened.id, tier: 'proven' }]);
    const { body: listed } = await send('GET', '/models', undefined, reader);
    expect(listed.models).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          name: 'northwind',
          newest: expect.objectContaining({ notices: [expect.anything()] }),
        }),
        expect.objectContaining({ name: 'southwind', newest: expect.objectContaining({ notices: [] }) }),
      ]),
    );

    const { body: page } = await send('GET', `/incidents/${opened.id}/artifacts?tier=proven&limit=1`);
    const { body: rest } = await send('GET', `/incidents/1/artifacts?cursor=${page.next}`);
    const ids = [...page.artifacts, ...rest.artifacts].map(({ artifactId }) => artifactId);
    expect(ids).toHaveLength(2);
    const cleared = { artifactIds: ids, decision: 'cleared', reason: 'Trained on the split before.' };
    expect((await send('POST', '/incidents/1/decisions', cleared)).body).toMatchObject({ counts: { cleared: 2 } });
    expect((await verify('config.json', 'model.safetensors')).unmet).toEqual([]);
    // A receipt judged again tells of what is known now, and keeps what was said then.
    const again = await ask(api, `/api/v1/verifications/${refused.id}/runs`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${scene.token('verify')}` },
    });
    expect(again.body).toMatchObject({ answer: { notices: [] } });
  });

  it('changes an incident step by step, and tells each in its trail', async () => {
    const { body: opened } = await send('POST', '/incidents', NEW);
    const path = `/incidents/${opened.id}`;
    const changes: [string, object][] = [
      ['severity', { severity: 'critical' }],
      ['notes', { text: 'Called the data team.' }],
      ['notice', { notice: 'Do not use 1.0.' }],
      ['events', { eventId: scene.eventId, note: 'Signed the day after.' }],
      ['scope', { scope: { any: [POISONED, { is: { kind: 'identity', identity: WORKFLOW } }] } }],
      ['state', { state: 'contained' }],
      ['state', { state: 'closed', resolution: 'Retrained.' }],
    ];
    for (const [name, body] of changes)
      expect(await send('POST', `${path}/${name}`, body), name).toMatchObject({ status: 200 });
    expect(await send('DELETE', `${path}/events/${scene.eventId}`)).toMatchObject({
      status: 200,
      body: { events: [] },
    });
    const { body } = await send('GET', `${path}/audit?limit=3`);
    expect(body).toMatchObject({ fault: null, entries: [{ action: 'incident.event-unlinked' }, {}, {}] });
    expect(body.next).not.toBeNull();
    expect((await send('GET', '/incidents?state=closed&severity=critical&owner=nobody')).body).toMatchObject({
      incidents: [{ id: opened.id, notice: 'Do not use 1.0.' }],
      next: null,
    });
    expect((await send('GET', '/incidents?state=open')).body).toMatchObject({ incidents: [] });
  });

  it('refuses what was decided over an older state, and says what changed', async () => {
    const { body: opened } = await send('POST', '/incidents', NEW);
    await send('POST', '/incidents/1/notes', { text: 'A note.' });
    const stale = await send('POST', '/incidents/1/state', { state: 'contained', updatedAt: opened.updatedAt });
    expect(stale).toMatchObject({ status: 409, body: { code: 'incident-changed', at: 'updatedAt' } });
    expect(stale.body.detail).toContain('wrote a note');
  });

  it.each([
    ['/incidents', { ...NEW, scope: { is: { kind: 'dataset' } } }, 400, 'scope.is.alias'],
    ['/incidents', { ...NEW, scope: {} }, 400, 'scope'],
    ['/incidents', { ...NEW, title: '' }, 422, 'title'],
    ['/incidents', { ...NEW, severity: 'worst' }, 400, 'severity'],
    ['/incidents', { ...NEW, ownerId: 'usr_0' }, 422, 'owner'],
    ['/incidents', { ...NEW, more: 1 }, 400, 'more'],
    ['/incidents/preview', { scope: { all: [] } }, 400, 'scope.all'],
    ['/incidents/1/decisions', { artifactIds: [1e6], decision: 'affected', reason: 'x' }, 422, 'artifacts'],
    ['/incidents/1/decisions', { artifactIds: [], decision: 'affected', reason: 'x' }, 400, 'artifactIds'],
    ['/incidents/1/state', { state: 'closed' }, 422, 'resolution'],
    ['/incidents/1/events', { eventId: 'evt_0' }, 422, 'event'],
  ])('refuses a bad body of %s at the field at fault', async (path, body, status, at) => {
    await send('POST', '/incidents', NEW);
    expect(await send('POST', path, body)).toMatchObject({ status, body: { at } });
  });

  it('answers 404 for an incident that is not there', async () => {
    expect((await send('GET', '/incidents/inc_0')).status).toBe(404);
    expect((await send('POST', '/incidents/9/notes', { text: 'x' })).status).toBe(404);
  });
});

describe('a retraction that is handed in', () => {
  const statement = () => {
    const subject = { name: 'northwind', root: scene.roots[0] };
    return retractionStatement({ subject, reason: 'Leaks training data', replacement: scene.roots[1] });
  };

  it('refuses the version where its signer signed it', async () => {
    expect(ingestBundle(scene.ctx, bytesOf(sign(Buffer.from(statement()))), standards).outcome).toBe('accepted');
    const { answer, unmet } = await verify('config.json', 'model.safetensors');
    expect(answer).toMatchObject({
      outcome: 'verified',
      notices: [{ kind: 'retraction', reason: 'Leaks training data', replacement: `sha256:${scene.roots[1]}` }],
    });
    expect(unmet).toEqual([expect.stringContaining('retracted by its signer')]);
  });

  it('refuses nothing where somebody else signed it', async () => {
    expect(ingestBundle(scene.ctx, bytesOf(sign(Buffer.from(statement()), WORKFLOW)), standards).outcome).toBe(
      'accepted',
    );
    expect(await verify('config.json', 'model.safetensors')).toMatchObject({ unmet: [], answer: { notices: [] } });
  });
});
