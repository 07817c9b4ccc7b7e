import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundles } from '#db/schema/bundle.ts';
import { deliveries } from '#db/schema/source.ts';
import { type Api, createApi } from '#lib/http/api.ts';
import { revokeToken } from '#lib/services/access/revoke-token.ts';
import { ask } from './described.ts';
import { bytesOf, openScene, type Scene, signModel } from './scene.ts';

const MIB = 1024 * 1024;

let scene: Scene;
let api: Api;

beforeEach(() => {
  scene = openScene();
  api = createApi(scene.environment);
});
afterEach(() => scene.ctx.database.close());

const stored = () => scene.ctx.database.db.select({ id: bundles.id }).from(bundles).all().length;

function post(body: BodyInit, { token, type = 'application/json' }: { token?: string; type?: string } = {}) {
  const headers = { 'Content-Type': type, ...(token !== undefined && { Authorization: `Bearer ${token}` }) };
  return ask(api, '/api/v1/bundles', { method: 'POST', headers, body, duplex: 'half' } as RequestInit);
}

describe('handing in a bundle', () => {
  it('needs a token that holds, with the scope for it', async () => {
    const body = bytesOf(signModel('new', ['a']));
    const before = stored();
    const revoked = scene.token('ingest');
    revokeToken(scene.ctx, 'ci 0', { kind: 'command-line' });
    for (const token of [undefined, 'wrong', '', `mt_${'A'.repeat(43)}`, revoked]) {
      const { response, body: problem } = await post(body, token === undefined ? {} : { token });
      expect(response.status).toBe(401);
      expect(problem).toMatchObject({ detail: expect.stringContaining('modeltrail token create') });
    }
    for (const scope of ['read', 'verify'] as const) {
      const { response, body: problem } = await post(body, { token: scene.token(scope) });
      expect(response.status).toBe(403);
      expect(problem).toMatchObject({ code: 'missing-scope' });
    }
    expect(stored()).toBe(before);
  });

  it('takes a good one, once, and shows it everywhere at once', async () => {
    const token = scene.token('ingest');
    const body = bytesOf(signModel('newcomer', ['a', 'b']));
    const first = await post(body, { token });
    expect(first.response.status).toBe(200);
    expect(first.body).toMatchObject({ bundles: [{ line: 1, outcome: 'accepted', isNew: true, code: null }] });
    const again = await post(body, { token: scene.token('admin') });
    expect(again.body).toMatchObject({ bundles: [{ outcome: 'accepted', isNew: false }] });
    const [{ bundleId }] = (first.body as { bundles: [{ bundleId: string }] }).bundles;
    const content = await api.request(`/api/v1/bundles/${bundleId}/content`);
    expect(Buffer.from(await content.arrayBuffer())).toEqual(body);
    const models = await ask(api, '/api/v1/models?search=newcomer');
    expect(models.body).toMatchObject({ models: [{ name: 'newcomer', versions: 1 }] });
    const brought = scene.ctx.database.db.select().from(deliveries).all();
    expect(brought.filter(({ channel }) => channel === 'api').map(({ source }) => source)).toEqual(['ci 0', 'ci 1']);
  });

  it('refuses one that does not verify, or cannot be read, with code, reason and place', async () => {
    const token = scene.token('ingest');
    const forged = signModel('forged', ['a']);
    forged.dsseEnvelope.payload = signModel('forged', ['b']).dsseEnvelope.payload;
    const refused = await post(bytesOf(forged), { token });
    expect(refused.response.status).toBe(422);
    expect(refused.body).toMatchObject({ title: 'Bundle refused', at: expect.any(String), code: expect.any(String) });
    const { body } = await ask(api, '/api/v1/bundles?state=refused&limit=1');
    expect(body).toMatchObject({ bundles: [{ code: (refused.body as { code: string }).code, state: 'refused' }] });
    for (const text of ['{"mediaType":', '{}', '[]', '\u0000', '{"a":1,"a":2}']) {
      const { response, body: problem } = await post(text, { token });
      expect(response.status, text).toBe(422);
      expect(problem).toMatchObject({ detail: expect.stringMatching(/\.$/) });
    }
  });

  it('takes one a line, each by itself', async () => {
    const token = scene.token('ingest');
    const lines = [bytesOf(signModel('one', ['a'])), '', '{}', bytesOf(signModel('two', ['b'])), ''].join('\n');
    for (const type of ['application/jsonl', 'application/x-ndjson; charset=utf-8']) {
      const { response, body } = await post(lines, { token, type });
      expect(response.status).toBe(200);
      const told = (body as { bundles: { line: number; outcome: string; code: string | null }[] }).bundles;
      expect(told.map(({ line, outcome }) => [line, outcome])).toEqual([
        [1, 'accepted'],
        [3, 'refused'],
        [4, 'accepted'],
      ]);
      expect(told[1]?.code).toBe('not-a-bundle');
    }
    const tooMany = await post('{}\n'.repeat(10_001), { token, type: 'application/jsonl' });
    expect(tooMany.response.status).toBe(413);
    expect(tooMany.body).toMatchObject({ code: 'too-many' });
  });

  it('stops reading a body that is too large, whatever its headers say', async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent++;
        controller.enqueue(new Uint8Array(MIB));
      },
    });
    const { response, body } = await post(endless, { token: scene.token('ingest') });
    expect(response.status).toBe(413);
    expect(body).toMatchObject({ code: 'too-large', detail: expect.stringContaining(String(32 * MIB)) });
    expect(sent).toBeLessThan(40);
  });

  it('reads nothing of a body without a token', async () => {
    let sent = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          sent++;
          controller.enqueue(new Uint8Array(1));
        },
      },
      { highWaterMark: 0 },
    );
    expect((await post(body)).response.status).toBe(401);
    expect(sent).toBe(0);
  });

  it('is 400 without a body, and 503 while no standards are in force', async () => {
    const token = scene.token('ingest');
    const headers = { Authorization: `Bearer ${token}` };
    const empty = await ask(api, '/api/v1/bundles', { method: 'POST', headers });
    expect(empty.response.status).toBe(400);
    const early = createApi({ ...scene.environment, standards: async () => null });
    const { response, body } = await ask(early, '/api/v1/bundles', { method: 'POST', headers, body: '{}' });
    expect(response.status).toBe(503);
    expect(body).toMatchObject({ code: 'not-ready' });
  });
});
