import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Api, createApi } from '#lib/http/api.ts';
import { ingestBundle } from '#lib/services/bundle/ingest.ts';
import { listTrainingLogsOfVersion } from '#lib/services/training-log/list-of-version.ts';
import { recordTrainingLog } from '#lib/services/training-log/record.ts';
import { readTrainingLog } from '#lib/training-log/read.ts';
import { sealOf, type TrainingLogSeal } from '#lib/training-log/seal.ts';
import { ask } from '#test/unit/http/described.ts';
import { openScene, type Scene, standards } from '#test/unit/http/scene.ts';
import { event, metric, mintTrainingLog } from '#test/unit/training-log/mint-log.ts';
import { signTrainingProvenance } from '#test/unit/training-log/sign-provenance.ts';

let scene: Scene;
let api: Api;
let versionId: string;

const log = mintTrainingLog([event('begin'), metric(1, { loss: 0.5 })]);
const seal = sealOf(readTrainingLog(log.bytes));

beforeEach(async () => {
  scene = openScene();
  api = createApi(scene.environment);
  const { body } = await ask(api, `/api/v1/models/${scene.slug}`);
  const { versions } = body as { versions: { id: string; root: string }[] };
  versionId = versions.find(({ root }) => root === scene.roots[1])?.id ?? '';
});
afterEach(() => scene.ctx.database.close());

function attest(stated: TrainingLogSeal, place = 1) {
  const taken = ingestBundle(scene.ctx, signTrainingProvenance(scene.roots[1], stated, place), standards);
  expect(taken.outcome).toBe('accepted');
}

const handIn = (bytes: Uint8Array = log.bytes) => recordTrainingLog(scene.ctx, { bytes, source: 'ci' });
const listed = () => listTrainingLogsOfVersion(scene.ctx.database, { versionId });

describe('training logs of a version', () => {
  it('are none while nothing signed names one, whatever is handed in', async () => {
    handIn();
    expect(await listed()).toEqual([]);
  });

  it('are awaited until the very log is handed in, before or after its attestation', async () => {
    attest(seal);
    expect(await listed()).toMatchObject([{ state: 'awaited', root: seal.root, log: null }]);
    handIn(mintTrainingLog([event('another')]).bytes);
    expect(await listed()).toMatchObject([{ state: 'awaited' }]);
    handIn();
    const [found] = await listed();
    expect(found).toMatchObject({ state: 'matches', reason: null, log: { run: 'northwind-7', source: 'ci' } });
    expect(found?.log?.summary.metrics).toMatchObject([{ name: 'loss', last: 0.5 }]);
    expect(found?.attestedBy).toHaveLength(1);
  });

  it('are one for statements that name the same, and list who states it', async () => {
    attest(seal, 1);
    attest(seal, 2);
    const found = await listed();
    expect(found).toHaveLength(1);
    expect(found[0]?.attestedBy).toHaveLength(2);
  });

  it('differ where the statement names another root for the same file', async () => {
    attest({ ...seal, root: 'a'.repeat(64) });
    handIn();
    expect(await listed()).toMatchObject([{ state: 'differs', reason: expect.stringContaining(seal.root) }]);
  });

  it('differ where the same lines were sealed again', async () => {
    attest({ ...seal, sha256: 'b'.repeat(64) });
    handIn();
    expect(await listed()).toMatchObject([
      { state: 'differs', reason: expect.stringContaining('sealed more than once') },
    ]);
  });

  it('are stored once', () => {
    const first = handIn();
    expect(first.isNew).toBe(true);
    expect(handIn()).toEqual({ ...first, isNew: false });
  });
});

describe('handing in a training log', () => {
  const post = (body: Buffer, scope: 'ingest' | 'verify' | null = 'ingest') => {
    const headers = scope === null ? {} : { Authorization: `Bearer ${scene.token(scope)}` };
    return ask(api, '/api/v1/training-logs', {
      method: 'POST',
      headers: { 'Content-Type': 'application/jsonl', ...headers },
      body: Uint8Array.from(body),
      duplex: 'half',
    } as RequestInit);
  };

  it('needs a token with the scope for it', async () => {
    expect((await post(log.bytes, null)).response.status).toBe(401);
    expect((await post(log.bytes, 'verify')).response.status).toBe(403);
  });

  it('gives the same bytes back, and is listed with the version', async () => {
    attest(seal);
    const { response, body } = await post(log.bytes);
    expect(response.status).toBe(200);
    const { id } = body as { id: string };
    const bytes = await api.request(`/api/v1/training-logs/${id}/bytes`);
    expect(Buffer.from(await bytes.arrayBuffer())).toEqual(log.bytes);
    expect(bytes.headers.get('Content-Disposition')).toContain('attachment');
    expect((await ask(api, `/api/v1/training-logs/${id}`)).body).toMatchObject({ id, root: seal.root });
    const of = await ask(api, `/api/v1/versions/${versionId}/training-logs`);
    expect(of.body).toMatchObject({ trainingLogs: [{ state: 'matches', log: { id } }] });
  });

  it('refuses one that is not sealed or broken, names the line, and keeps nothing', async () => {
    const open = mintTrainingLog([event('a')], { sealed: false }).bytes;
    expect((await post(open)).body).toMatchObject({ status: 422, code: 'not-sealed' });
    const broken = Buffer.from(log.bytes.toString().replace('begin', 'BEGIN'));
    expect((await post(broken)).body).toMatchObject({ status: 422, code: 'wrong-root', at: 'line 4' });
    attest(sealOf(readTrainingLog(log.bytes)));
    expect(await listed()).toMatchObject([{ state: 'awaited' }]);
  });

  it('says that there is no such log or version', async () => {
    for (const path of ['training-logs/trl_x', 'training-logs/trl_x/bytes', 'versions/ver_x/training-logs'])
      expect((await ask(api, `/api/v1/${path}`)).response.status, path).toBe(404);
  });
});
