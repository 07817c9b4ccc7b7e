import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, createApi } from '#lib/http/api.ts';
import { ask, describedRoutes, routeOf } from './described.ts';
import { openScene, type Scene, WORKFLOW } from './scene.ts';

// Each answer is held against its own description (described.ts); what is said here is what it must hold beside.

let scene: Scene;
let api: Api;
let versions: string[];

beforeAll(async () => {
  scene = openScene();
  api = createApi(scene.environment);
  const { body } = await ask(api, `/api/v1/models/${scene.slug}`);
  versions = (body as { versions: { id: string }[] }).versions.map(({ id }) => id);
});
afterAll(() => scene.ctx.database.close());

const get = async (target: string) => (await ask(api, `/api/v1${target}`)).body;

describe('every route for reading', () => {
  it('answers with what the document describes', async () => {
    const { roots, eventId, refusedId, logId, certificateId, slug } = scene;
    const [version = ''] = versions;
    const artifact = `/artifacts/sha256/${roots[0]}`;
    const targets = [
      '/models',
      `/models/${slug}`,
      `/models/${slug}/versions/${version}`,
      `/models/${slug}/versions/${version}/files`,
      `/models/${slug}/versions/${version}/level`,
      `/models/${slug}/versions/${version}/level/summary?verifier=https%3A%2F%2Fmodeltrail.models.example`,
      `/models/${slug}/diff?from=${versions[1]}&to=${versions[0]}`,
      artifact,
      `${artifact}/ancestors`,
      `${artifact}/descendants`,
      `${artifact}/verdicts`,
      '/datasets',
      '/identities',
      `/identity?san=${WORKFLOW}&issuer=https%3A%2F%2Faccounts.models.example`,
      '/findings',
      '/bundles?state=verified',
      `/bundles/${refusedId}`,
      `/bundles/${refusedId}/content`,
      '/events',
      `/events/${eventId}`,
      `/events/${eventId}/entry`,
      `/events/${eventId}/proof`,
      `/events/${eventId}/checkpoint`,
      '/logs',
      `/logs/${logId}`,
      `/logs/${logId}/backfills`,
      `/logs/${logId}/rules`,
      '/certificates',
      `/certificates/${certificateId}`,
      `/certificates/${certificateId}/proof`,
      '/sources',
      '/sources/deliveries',
    ];
    for (const target of targets) {
      const { response } = await ask(api, `/api/v1${target}`);
      expect(response.status, target).toBe(200);
    }
    const asked = new Set(targets.map((target) => routeOf(api, 'GET', `/api/v1${target}`)?.path));
    const reading = describedRoutes(api).filter(({ method }) => method === 'get');
    // The event of a bundle is another one than that of an entry: below. What must be written first is in writing.test.ts.
    const written =
      /^\/(?:verifications|training-logs|tokens|versions|expected-signings|deployments|incidents|settings|alerts|publications|share-links)\b/;
    expect(reading.map(({ path }) => path).filter((path) => !asked.has(path) && !written.test(path))).toEqual([
      '/events/{id}/bundle',
    ]);
  });

  it('answers 404 where there is no such thing, and says what to do', async () => {
    const none = '0'.repeat(64);
    for (const target of [
      '/models/none',
      '/models/none/versions/ver_1',
      `/models/${scene.otherSlug}/versions/${versions[0]}`,
      `/models/${scene.otherSlug}/versions/${versions[0]}/files`,
      `/models/${scene.otherSlug}/versions/${versions[0]}/level`,
      `/models/${scene.otherSlug}/versions/${versions[0]}/level/summary`,
      `/models/${scene.otherSlug}/diff?from=${versions[0]}&to=${versions[1]}`,
      `/artifacts/sha256/${none}`,
      `/artifacts/sha256/${none}/ancestors`,
      `/artifacts/sha256/${none}/descendants`,
      `/artifacts/sha256/${none}/verdicts`,
      '/identity?san=nobody',
      '/bundles/bdl_none',
      '/bundles/bdl_none/content',
      '/events/evt_none',
      '/events/evt_none/entry',
      '/events/evt_none/proof',
      '/events/evt_none/checkpoint',
      '/events/evt_none/bundle',
      '/logs/999',
      '/logs/999/backfills',
      '/logs/999/rules',
      '/certificates/crt_none',
      '/certificates/crt_none/proof',
    ]) {
      const { response, body } = await ask(api, `/api/v1${target}`);
      expect(response.status, target).toBe(404);
      expect(body).toMatchObject({ code: 'not-found', detail: expect.stringMatching(/\. .+\.$/) });
    }
  });
});

describe('models', () => {
  it('are listed with state and weakest link, and narrowed by each filter', async () => {
    const names = async (query: string) =>
      ((await get(`/models${query}`)) as { models: { name: string }[] }).models.map(({ name }) => name).sort();
    expect(await names('')).toEqual(['northwind', 'southwind']);
    expect(await names('?search=north')).toEqual(['northwind']);
    expect(await names('?signer=data-bot')).toEqual(['southwind']);
    expect(await names('?state=waiting')).toEqual(['northwind', 'southwind']);
    expect(await names('?state=proved')).toEqual([]);
    expect(await names('?weakest=verified')).toEqual(['northwind']);
    expect(await names('?weakest=none')).toEqual(['southwind']);
    // The second version of northwind states less than the first.
    expect(await names('?findings=true')).toEqual(['northwind', 'southwind']);
  });

  it('have versions with nine fields, each with its status, and links that are judged', async () => {
    const old = versions.find((_, i) => i === versions.length - 1);
    const version = await get(`/models/${scene.slug}/versions/${old}`);
    const { fields, links, verdict } = version as {
      fields: { field: string; status: string }[];
      links: { role: string; state: string }[];
      verdict: object;
    };
    expect(fields).toHaveLength(9);
    expect(fields.find(({ field }) => field === 'signer_identity')?.status).toBe('proven');
    expect(fields.find(({ field }) => field === 'evaluation_results')?.status).toBe('absent');
    expect(Object.fromEntries(links.map(({ role, state }) => [role, state]))).toEqual({
      dataset: 'verified',
      'base-model': 'parent-unknown',
    });
    expect(verdict).toMatchObject({ signature: 'verified', weakest: 'parent-unknown', pinnedInputs: 2 });
  });

  it('have levels that are told check by check, and a summary by whoever is named', async () => {
    const base = `/models/${scene.slug}/versions/${versions[0]}/level`;
    const { level, checks, slsaBuild } = (await get(base)) as {
      level: number;
      checks: { id: string; outcome: string }[];
      slsaBuild: { level: number };
    };
    expect([level, slsaBuild.level, checks.length]).toEqual([0, 1, 38]);
    const summary = (await get(`${base}/summary?verifier=urn%3Aexample%3Ateam`)) as { predicate: object };
    expect(summary.predicate).toMatchObject({
      verifier: { id: 'urn:example:team' },
      verificationResult: 'FAILED',
      verifiedLevels: ['FAILED'],
    });
    expect(await get(`${base}/summary`)).toMatchObject({ code: 'bad-request', at: 'verifier' });
    for (const query of ['verifier=me', 'verifier=https%3A%2F%2Fm.example&require=5']) {
      expect(await get(`${base}/summary?${query}`)).toMatchObject({ code: 'bad-request' });
    }
  });

  it('differ between versions in files and parameters', async () => {
    const diff = await get(`/models/${scene.slug}/diff?from=${versions[1]}&to=${versions[0]}`);
    expect(diff).toMatchObject({ signer: 'same', files: { unchanged: 1, omitted: 0 } });
    const { files, inputs, parameters } = diff as {
      files: { changes: { kind: string; file: { path: string } }[] };
      inputs: { kind: string; role: string }[];
      parameters: { label: string }[];
    };
    expect(files.changes.map(({ kind, file }) => `${kind} ${file.path}`)).toEqual([
      'added README.md',
      'added model-2.safetensors',
      'removed model.safetensors',
    ]);
    expect(inputs.map(({ kind, role }) => `${kind} ${role}`).sort()).toEqual(['removed base-model', 'same dataset']);
    expect(parameters.map(({ label }) => label)).toContain('learning_rate');
  });
});

describe('artifacts', () => {
  it('lead up to what they were made from and down to what was made of them', async () => {
    const up = (await get(`/artifacts/sha256/${scene.roots[0]}/ancestors`)) as { nodes: { value: string }[] };
    expect(up.nodes.map(({ value }) => value)).toContain(scene.datasetRoot);
    const down = (await get(`/artifacts/sha256/${scene.datasetRoot}/descendants`)) as { nodes: { value: string }[] };
    expect(down.nodes.map(({ value }) => value)).toEqual(expect.arrayContaining([...scene.roots]));
    const one = await get(`/artifacts/sha256/${scene.datasetRoot}/descendants?limit=1`);
    expect(one).toMatchObject({ nodes: [{ value: scene.datasetRoot }], omitted: 2 });
  });

  it('are data sets where a statement calls them one', async () => {
    const { datasets } = (await get('/datasets')) as { datasets: { value: string; uses: number }[] };
    expect(datasets).toMatchObject([{ value: scene.datasetRoot, uses: 2, signature: 'verified' }]);
    expect(await get('/datasets?search=nothing-of-the-kind')).toEqual({ datasets: [], next: null });
  });
});

describe('events, bundles, findings and sources', () => {
  it('are narrowed by each filter of the page', async () => {
    const count = async (query: string) => ((await get(`/events?${query}`)) as { events: unknown[] }).events.length;
    const all = await count('limit=200');
    expect(await count('undecided=true')).toBe(1);
    expect(await count('own=true')).toBe(1);
    expect(await count('rule=Release%20bot')).toBe(1);
    expect(await count('authenticity=impersonation')).toBe(1);
    expect(await count(`log=${scene.logId}`)).toBe(3);
    expect(await count('claim=model')).toBe(6);
    expect(await count(`identity=${WORKFLOW}`)).toBe(2);
    expect(await count('q=data-bot')).toBe(2);
    expect(await count('from=9000000000000')).toBe(0);
    expect(await count('to=9000000000000')).toBe(all);
    expect(await count('undecided=false')).toBe(all);
  });

  it('give of an event the bundle that proves it', async () => {
    const { events } = (await get(`/events?identity=${WORKFLOW}`)) as { events: { id: string }[] };
    const { response, body } = await ask(api, `/api/v1/events/${events[0]?.id}/bundle`);
    expect(JSON.parse(String(body))).toHaveProperty('dsseEnvelope');
    expect(response.headers.get('Content-Disposition')).toMatch(
      /^attachment; filename="evt_[0-9a-f]+\.sigstore\.json"$/,
    );
    expect(response.headers.get('Content-Security-Policy')).toBe('sandbox');
  });

  it('give of a refused bundle the code, the reason and the place, and of nobody a signer', async () => {
    const { bundles } = (await get('/bundles?state=refused')) as { bundles: Record<string, unknown>[] };
    expect(bundles).toHaveLength(1);
    const [refused] = bundles;
    expect(refused).toMatchObject({
      id: scene.refusedId,
      state: 'refused',
      san: null,
      signedAt: null,
      versionId: null,
    });
    expect(refused?.code).toBeTypeOf('string');
    expect(refused?.reason).toMatch(/\.$/);
    expect(await get(`/bundles?state=refused&code=${refused?.code}`)).toMatchObject({ bundles: [{}] });
    expect(await get('/bundles?state=refused&code=other')).toEqual({ bundles: [], next: null });
  });

  it('tell open findings from resolved ones', async () => {
    const ids = async (query: string) =>
      ((await get(`/findings${query}`)) as { findings: { id: string }[] }).findings
        .map(({ id }) => id)
        .filter((id) => /^fnd_[0-9]$/.test(id));
    expect(await ids('')).toEqual(['fnd_2', 'fnd_1', 'fnd_0']);
    expect(await ids('?state=open')).toEqual(['fnd_2', 'fnd_0']);
    expect(await ids('?state=resolved')).toEqual(['fnd_1']);
    expect(await ids('?kind=changed-signer')).toEqual(['fnd_0']);
    expect(await ids(`?model=${scene.slug}`)).toEqual([]);
    expect(await ids(`?model=${scene.otherSlug}`)).toEqual(['fnd_0']);
  });

  it('tell how each source went, and what became of each file', async () => {
    const { sources } = (await get('/sources')) as { sources: unknown[] };
    expect(sources).toMatchObject([
      { name: 'hub', kind: 'folder', error: 'gone', failures: 2, result: { read: 3 } },
      { name: 'drop', kind: 'directory', lastRunAt: null },
    ]);
    const page = await get('/sources/deliveries?outcome=refused&source=browser');
    expect(page).toMatchObject({ counts: { accepted: 0, refused: 3 } });
    const { deliveries } = page as { deliveries: { path: string; code: string | null; reason: string | null }[] };
    expect(deliveries.map(({ path }) => path).sort()).toEqual(['no JSON', '{"mediaType":1}', '{}'].sort());
    expect(deliveries.every(({ code, reason }) => code !== null && reason !== null)).toBe(true);
  });
});

describe('certificates', () => {
  const states = async (query: string) =>
    ((await get(`/certificates${query}`)) as { certificates: { state: string; logIndex: number }[] }).certificates.map(
      ({ state, logIndex }) => `${logIndex} ${state}`,
    );

  it('are listed newest first, page by page, and narrowed by each filter', async () => {
    expect(await states('')).toEqual(['3 waiting', '2 unused', '1 waiting']);
    expect(await states('?state=unused')).toEqual(['2 unused']);
    expect(await states('?rule=Release+bot&own=true')).toEqual(['2 unused']);
    expect(await states('?identity=release-bot%40models.example')).toEqual(['2 unused', '1 waiting']);
    expect(await states('?undecided=true')).toEqual(['3 waiting']);
    const { next } = (await get('/certificates?limit=2')) as { next: string };
    expect(await states(`?limit=2&cursor=${next}`)).toEqual(['1 waiting']);
  });

  it('come with all that proves them elsewhere', async () => {
    const { response } = await ask(api, `/api/v1/certificates/${scene.certificateId}/proof`);
    expect(response.headers.get('content-disposition')).toContain('.ct-proof.json');
    const proof = JSON.parse(await (await api.request(`/api/v1/certificates/${scene.certificateId}/proof`)).text());
    expect(proof).toMatchObject({ log: 'ct.example/2026', leaf_index: 2, tree_head: { tree_size: 1000 } });
    expect(proof.audit_path).toHaveLength(4);
  });
});
