import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, createApi } from '#lib/http/api.ts';
import { describedRoutes } from './described.ts';
import { openScene, type Scene } from './scene.ts';

let scene: Scene;
let api: Api;

beforeAll(() => {
  scene = openScene();
  api = createApi(scene.environment);
});
afterAll(() => scene.ctx.database.close());

const PARAMETERS = [
  'q',
  'identity',
  'issuer',
  'claim',
  'authenticity',
  'log',
  'rule',
  'from',
  'to',
  'undecided',
  'own',
  'cursor',
  'limit',
  'search',
  'signer',
  'state',
  'weakest',
  'findings',
  'kind',
  'model',
  'code',
  'outcome',
  'source',
  'san',
  'unclaimed',
  '__proto__',
  'constructor',
];
const LIKELY = [
  'verified',
  'refused',
  'open',
  'true',
  'false',
  '1',
  '50',
  '9007199254740991',
  '9007199254740992',
  'model',
  'none',
  'sha256',
  'git',
  'name',
  '%',
  '%%%',
  '_',
  "' OR 1=1 --",
  '"',
  '*',
  'NEAR(a b)',
  '\u0000abc',
  '\ud800',
  '😀😀😀',
  '../..',
];
const text = fc.oneof(
  fc.constantFrom(...LIKELY),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ maxLength: 9000, minLength: 8000 }),
);
/** Well-formed cursors of every list with places of any kind. */
const cursor = fc
  .tuple(
    fc.constantFrom(
      'models',
      'files',
      'verdicts',
      'datasets',
      'identities',
      'findings',
      'bundles',
      'events',
      'deliveries',
      'checkpoints',
    ),
    fc.oneof(
      fc.record({
        at: fc.maxSafeInteger(),
        occurredAt: fc.maxSafeInteger(),
        firstAt: fc.maxSafeInteger(),
        firstSeenAt: fc.maxSafeInteger(),
        checkedAt: fc.maxSafeInteger(),
        outcome: fc.constantFrom('accepted', 'refused'),
        page: fc.maxSafeNat(),
        limit: fc.maxSafeNat(),
        id: fc.oneof(fc.string(), fc.maxSafeInteger()),
      }),
      fc.maxSafeInteger(),
      fc.jsonValue(),
    ),
  )
  .map((place) => Buffer.from(JSON.stringify(place)).toString('base64url'));

/** Lists that are not open to all. */
const NEEDS_TOKEN = /^\/(?:tokens|expected-signings|deployments|incidents|settings|alerts|publications|share-links)\b/;

/** Lone surrogates cannot stand in an address. */
const encode = (value: string) => encodeURIComponent(value.toWellFormed());

describe('hostile requests', () => {
  it('never are our mistake, whatever stands in path and query', async () => {
    const paths = describedRoutes(api)
      .filter(({ method, path }) => method === 'get' && !NEEDS_TOKEN.test(path))
      .map(({ path }) => path);
    const parameter = fc.tuple(fc.constantFrom(...PARAMETERS), text);
    const request = fc.record({
      path: fc.constantFrom(...paths),
      values: fc.array(text, { minLength: 2, maxLength: 2 }),
      query: fc.uniqueArray(parameter, { maxLength: 4, selector: ([name]) => name }),
      cursor: fc.option(cursor),
    });
    await fc.assert(
      fc.asyncProperty(request, async ({ path, values, query, cursor: place }) => {
        let used = 0;
        const filled = path.replaceAll(/\{[a-z]+\}/g, () => encode(values[used++] ?? '') || 'x');
        const pairs = [
          ...query.map(([name, value]) => `${name}=${encode(value)}`),
          ...(place ? [`cursor=${place}`] : []),
        ];
        const response = await api.request(`/api/v1${filled}?${pairs.join('&')}`);
        expect([200, 400, 404]).toContain(response.status);
        expect(response.headers.get('Content-Type')).toMatch(response.ok ? /./ : /^application\/problem\+json$/);
      }),
      { numRuns: 1500 },
    );
  });

  it('take each cursor of their own list that could be, and begin where it says', async () => {
    const targets: Readonly<Record<string, string>> = {
      models: '/models',
      datasets: '/datasets',
      identities: '/identities',
      findings: '/findings',
      bundles: '/bundles?state=verified',
      events: '/events',
      deliveries: '/sources/deliveries',
      checkpoints: `/logs/${scene.logId}`,
      verdicts: `/artifacts/sha256/${scene.roots[0]}/verdicts`,
    };
    await fc.assert(
      fc.asyncProperty(cursor, async (place) => {
        const [list] = JSON.parse(Buffer.from(place, 'base64url').toString()) as [string];
        const target = targets[list] ?? '/models';
        const response = await api.request(`/api/v1${target}${target.includes('?') ? '&' : '?'}cursor=${place}`);
        expect([200, 400]).toContain(response.status);
      }),
      { numRuns: 500 },
    );
  });

  it('are read in time that does not grow with what they search for', async () => {
    const long = encodeURIComponent('%_'.repeat(250));
    const began = performance.now();
    for (const target of [`/models?search=${long}`, `/identities?search=${long}`, `/datasets?search=${long}`]) {
      expect((await api.request(`/api/v1${target}`)).status).toBe(200);
    }
    expect(performance.now() - began).toBeLessThan(5000);
  });

  it('with broken percent encoding are answered in order', async () => {
    for (const target of [
      '/models/%',
      '/models/%ff',
      '/models/%c0%af',
      '/artifacts/name/%E0%A4%A',
      '/models?search=%ff',
      '/models?%=%',
    ]) {
      expect([400, 404, 200], target).toContain((await api.request(`/api/v1${target}`)).status);
    }
  });
});
