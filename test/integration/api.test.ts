import { hash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GET, PATCH, POST } from '#app/api/v1/[[...route]]/route.ts';
import { configSchema } from '#lib/config/schema.ts';
import { createToken } from '#lib/services/access/create-token.ts';
import { recordConfigInForce, recordTrustInForce } from '#lib/services/config/record-state.ts';
import { parseTrustedRoot } from '#lib/sigstore/trusted-root.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { bytesOf, signModel, sigstore } from '#test/unit/http/scene.ts';

// The route of the web server itself, over a database file that the jobs make while it runs.

const folder = mkdtempSync(join(tmpdir(), 'modeltrail-api-'));
const path = join(folder, 'modeltrail.db');
const before = process.env.MODELTRAIL_DATABASE;
let jobs: TestContext | null = null;

beforeAll(() => {
  process.env.MODELTRAIL_DATABASE = path;
});
afterAll(() => {
  jobs?.database.close();
  if (before === undefined) delete process.env.MODELTRAIL_DATABASE;
  else process.env.MODELTRAIL_DATABASE = before;
  rmSync(folder, { recursive: true });
});

const at = (target: string, init?: RequestInit) => new Request(`http://localhost/api/v1${target}`, init);

describe('the API of the web server', () => {
  it('waits for the jobs, takes bundles by the trust root that they put in force, and shows them', async () => {
    expect((await GET(at('/models'))).status).toBe(401);
    const early = await GET(at('/models', { headers: { Authorization: `Bearer mt_${'A'.repeat(43)}` } }));
    expect([early.status, await early.json()]).toMatchObject([503, { code: 'no-database' }]);

    jobs = openContext(path);
    const { token } = createToken(
      jobs,
      { name: 'ci', scopes: ['read', 'ingest'], expiresAt: null },
      { kind: 'command-line' },
    );
    const bundle = (): RequestInit => ({
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: bytesOf(signed),
    });
    const signed = signModel('northwind', ['config.json', 'model.safetensors']);
    expect((await POST(at('/bundles', bundle()))).status).toBe(503);

    recordConfigInForce(
      jobs,
      'modeltrail.yaml',
      configSchema.parse({
        organisation: { name: 'Models Example', contact: 'security@models.example' },
        watch: [],
        database: path,
      }),
    );
    const json = Buffer.from(JSON.stringify(sigstore.trustedRoot));
    recordTrustInForce(jobs, {
      root: parseTrustedRoot(json),
      json,
      sha256: hash('sha256', json),
      source: 'file',
      fetchedAt: null,
      problem: null,
      expiresAt: null,
      signingConfigs: [],
    });
    const taken = await POST(at('/bundles', bundle()));
    expect([taken.status, await taken.json()]).toMatchObject([
      200,
      { bundles: [{ outcome: 'accepted', isNew: true }] },
    ]);

    const headers = { Authorization: `Bearer ${token}` };
    const models = await GET(at('/models', { headers }));
    expect(await models.json()).toMatchObject({ models: [{ name: 'northwind', state: 'waiting' }], next: null });
    const other = await PATCH(at('/models', { method: 'PATCH', headers }));
    expect([other.status, other.headers.get('Allow')]).toEqual([405, 'GET, HEAD']);
  });
});
