import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GET as getPage } from '#app/p/[[...path]]/route.ts';
import { GET as getLink } from '#app/s/[[...path]]/route.ts';
import type { OpenDatabase } from '#db/client.ts';
import { createDatabase } from '#db/migrate.ts';
import { versionKey } from '#lib/provenance/public-slug.ts';
import { partsOf, SHARED_PARTS, USUAL_PARTS } from '#lib/provenance/shared-parts.ts';
import { createShareLink } from '#lib/services/sharing/create-share-link.ts';
import { publish } from '#lib/services/sharing/publish.ts';
import { recordChanges } from '#lib/services/sharing/record-changes.ts';
import { withdraw } from '#lib/services/sharing/withdraw.ts';
import { mintEvent } from '#test/factories.ts';
import { mintBundle } from '#test/model-factories.ts';
import { mintConfiguration } from '#test/state-factories.ts';
import { temporaryFolder } from '#test/support/product.ts';
import {
  ACTOR,
  attest,
  MARKERS,
  mintIncident,
  mintRetraction,
  mintShared,
  parts,
  setPublicUrl,
  settleAll,
} from '#test/support/sharing-scene.ts';
import { sceneContext } from '#test/support/verify-scene.ts';

const folder = temporaryFolder();
const before = process.env.MODELTRAIL_DATABASE;
let database: OpenDatabase;
let secret = '';
let granite: ReturnType<typeof mintShared>;

/** Every part but these. */
const without = (...left: readonly string[]) => partsOf(SHARED_PARTS.filter((part) => !left.includes(part)));
const version = (targetId: string) => ({ kind: 'version', targetId }) as const;

const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') => {
  const [, first, ...rest] = path.split('/');
  const handler = first === 'p' ? getPage : getLink;
  const request = new Request(`http://localhost${path}`, { method, headers });
  return handler(request, { params: Promise.resolve({ path: rest }) });
};
const text = async (path: string) => (await ask(path)).text();

const RESOURCES = [
  '',
  '/badge.svg',
  '/badge.json',
  '/status.json',
  '/feed.atom',
  '/preview.png',
  '/manifest.json',
  '/SHA256SUMS',
] as const;

beforeAll(() => {
  const path = join(folder.path, 'public.db');
  process.env.MODELTRAIL_DATABASE = path;
  database = createDatabase(path);
  mintConfiguration(database);
  const ctx = sceneContext(database);
  granite = mintShared(database);
  const all = partsOf(SHARED_PARTS);
  publish(ctx, { ...version(granite.versionId), slug: 'granite', parts: all, actor: ACTOR });
  const link = createShareLink(ctx, {
    ...version(granite.versionId),
    parts: all,
    note: MARKERS.note,
    days: 7,
    actor: ACTOR,
  });
  secret = link.secret;
});

afterAll(() => {
  database.close();
  if (before === undefined) delete process.env.MODELTRAIL_DATABASE;
  else process.env.MODELTRAIL_DATABASE = before;
  folder.remove();
});

describe('a public page', () => {
  it('answers first whether the files can be used, who made them and since when', async () => {
    const page = await text('/p/granite');
    const lead = /<p class="lead">(.*?)<\/p>/s.exec(page)?.[1]?.replaceAll(/<[^>]+>/g, '');
    expect(lead).toBe(
      `Yes, if yours are the same: ${MARKERS.signer} signed them, and a public log has had the record since 12 Mar 2026.`,
    );
    for (const told of [MARKERS.files, MARKERS.chain, MARKERS.issuer, 'What this does not prove', 'Weakest link']) {
      expect(page).toContain(told);
    }
  });

  it('says in words which level the provenance reaches and what is missing, and nothing that it reads', async () => {
    const page = await text('/p/granite');
    const section = /aria-labelledby="level">.*?<\/section>/s.exec(page)?.[0] ?? '';
    expect(section).toContain('No level');
    expect(section).toContain('Missing for ML-L1');
    expect(section).toContain('It names what built them');
    expect(section).toContain('They are no levels of SLSA');
    expect(Object.values(MARKERS).filter((marker) => section.includes(marker))).toEqual([]);
    const { level } = JSON.parse(await text('/p/granite/status.json'));
    expect(level).toMatchObject({ level: 0, word: 'No level', slsaBuild: 0, slsaSource: null });
    expect(level.missing[0]).toEqual({ id: '1.2', title: 'It says how they were built', outcome: 'not-met' });
  });

  it('has the same commands as the tools know, with identity, issuer and bundle', async () => {
    const page = await text('/p/granite');
    const key = /bundles\/([0-9a-f]{16})\.sigstore\.json/.exec(page)?.[1];
    const commands = [...page.matchAll(/<code>(.*?)<\/code>/gs)].map(([, code]) => code);
    const who = [MARKERS.signer, MARKERS.issuer];
    expect(commands.slice(0, 3)).toEqual([
      `modeltrail verify model \\\n  --signature ${key}.sigstore.json \\\n  --identity ${who[0]} \\\n  --issuer ${who[1]}`,
      `model_signing verify sigstore model \\\n  --signature ${key}.sigstore.json \\\n  --identity ${who[0]} \\\n  --identity_provider ${who[1]}`,
      `cosign verify-blob-attestation \\\n  --bundle ${key}.sigstore.json \\\n  --digest ${granite.root} --digestAlg sha256 \\\n  --type https://model_signing/signature/v1.0 \\\n  --certificate-identity ${who[0]} \\\n  --certificate-oidc-issuer ${who[1]}`,
    ]);
    const bundle = await ask(`/p/granite/bundles/${key}.sigstore.json`);
    expect(await bundle.text()).toContain('application/vnd.dev.sigstore.bundle.v0.3+json');
    expect(await text(`/p/granite/proofs/${key}.tlog-proof`)).toMatch(/^c2sp\.org\/tlog-proof@v1\n/);
  });

  it.each(RESOURCES)('is cached, set no cookie, and may ask again for what did not change: %j', async (resource) => {
    const path = `/p/granite${resource}`;
    const first = await ask(path, { Cookie: 'session=1' });
    expect(first.status).toBe(200);
    expect(first.headers.get('Cache-Control')).toBe('public, max-age=60, stale-while-revalidate');
    expect(first.headers.get('Set-Cookie')).toBeNull();
    expect(first.headers.get('Vary')).toBeNull();
    expect(first.headers.get('X-Content-Type-Options')).toBe('nosniff');
    const tag = first.headers.get('ETag') ?? '';
    expect(tag).toMatch(/^W\/"[A-Za-z0-9_-]{27}"$/);
    for (const stated of [tag, `"x", ${tag.slice(2)}`, '*']) {
      const again = await ask(path, { 'If-None-Match': stated });
      expect(again.status, stated).toBe(304);
      expect(await again.text()).toBe('');
      expect(again.headers.get('Set-Cookie')).toBeNull();
      expect(again.headers.get('ETag')).toBe(tag);
    }
    expect((await ask(path, { 'If-None-Match': 'W/"other"' })).status).toBe(200);
  });

  it('has a policy that lets it load from here alone, run nothing inline, and send nothing', async () => {
    const response = await ask('/p/granite');
    const policy = response.headers.get('Content-Security-Policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
    expect(policy).not.toMatch(/unsafe|nonce|https?:|\*/);
    const page = await response.text();
    expect(page).not.toMatch(/<script(?![^>]* src=)|style=| on\w+=/);
    expect(
      [...page.matchAll(/ (?:src|href)="([^"#]*)"/g)].map(([, url]) => url).filter((url) => !/^\/p\//.test(url ?? '')),
    ).toEqual([]);
  });

  it('lets other sites show badge, status, feed and preview, and no page', async () => {
    for (const resource of RESOURCES) {
      const { headers } = await ask(`/p/granite${resource}`);
      const expected = resource === '' ? 'same-origin' : 'cross-origin';
      expect(headers.get('Cross-Origin-Resource-Policy'), resource).toBe(expected);
    }
  });

  it('answers 410 once it was taken back, whatever is asked of it, and shows nothing more', async () => {
    const { versionId } = mintShared(database, { name: 'taken-back', dataset: null });
    publish(sceneContext(database), { ...version(versionId), slug: 'taken-back', parts: USUAL_PARTS, actor: ACTOR });
    withdraw(sceneContext(database), { slug: 'taken-back', actor: ACTOR });
    for (const resource of RESOURCES) {
      const response = await ask(`/p/taken-back${resource}`);
      expect(response.status, resource).toBe(410);
      const body = await response.text();
      expect(body).toContain('took it back');
      expect(body).not.toContain(MARKERS.signer);
    }
  });

  it('gives one and the same answer to every address that leads to nothing', async () => {
    const bodies = new Set<string>();
    const paths = [
      '/p/nobody',
      '/p/',
      '/p/granite/nothing',
      '/p/granite/0123456789abcdef',
      '/p/granite/bundles/0123456789abcdef.sigstore.json',
      '/p/granite/constructor',
      '/p/granite/__proto__',
      '/p/granite/constructor/x',
      '/p/granite/bundles/../../x',
      '/p/granite%2e',
      `/p/${'a'.repeat(5000)}`,
      '/p/_/x/lib/config/load.ts',
      '/p/_/x/../../../../etc/passwd',
      '/p/_',
    ];
    for (const path of paths) {
      const response = await ask(path);
      expect(response.status, path).toBe(404);
      bodies.add(await response.text());
    }
    expect(bodies.size).toBe(1);
  });

  it('gives out the scripts that it needs, and no others, to be kept for ever', async () => {
    const page = await text('/p/granite');
    const script = / src="(\/p\/_\/[^"]+)"/.exec(page)?.[1] ?? '';
    const seen = new Map<string, number>();
    const waiting = [script];
    for (let path = waiting.pop(); path; path = waiting.pop()) {
      if (seen.has(path)) continue;
      const response = await ask(path);
      expect(response.status, path).toBe(200);
      expect(response.headers.get('Cache-Control')).toBe('public, max-age=31536000, immutable');
      expect(response.headers.get('Content-Security-Policy')).toBe(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'none'",
      );
      const code = await response.text();
      seen.set(path, code.length);
      expect(code, path).not.toMatch(/^import type|: string\b.*=>|from '#/m);
      for (const [, specifier] of code.matchAll(/(?:from|import\(|new URL\()\s*'([^']+)'/g)) {
        waiting.push(new URL(specifier ?? '', `http://localhost${path}`).pathname);
      }
    }
    const names = [...seen.keys()].map((path) => path.split('/').slice(4).join('/'));
    expect(names).toContain('lib/browser/hash-worker.ts');
    expect(
      names.filter(
        (name) =>
          !/^(?:lib\/(?:browser|hash-list|model-signing|provenance|tlog)|node_modules\/(?:hash-wasm|@noble))\//.test(
            name,
          ),
      ),
    ).toEqual([]);
  });
});

describe('what a page does not show', () => {
  const everything = async (root: string) => {
    const keys = [...(await text('/p/granite')).matchAll(/(?:bundles|proofs)\/[^"]+/g)].map(([path]) => `/${path}`);
    const paths = [...RESOURCES, ...keys].map((resource) => `${root}${resource}`);
    const answers = await Promise.all(
      paths.map(async (path) => {
        const response = await ask(path);
        return JSON.stringify([
          path,
          [...response.headers],
          Buffer.from(await response.arrayBuffer()).toString('latin1'),
        ]);
      }),
    );
    return answers.join('\n');
  };

  it.each([
    [
      ['signer', 'proofs'],
      [MARKERS.signer, MARKERS.issuer, MARKERS.attester],
    ],
    [['files', 'proofs'], [MARKERS.files]],
    [['chain'], [MARKERS.chain, MARKERS.attester]],
    [['notices'], [MARKERS.notice, MARKERS.retraction]],
    [['level'], ['ML-L', 'SLSA', 'slsaBuild', 'training_data_hash']],
    [['signer', 'files', 'proofs', 'chain', 'level', 'notices', 'history'], Object.values(MARKERS)],
  ] as const)('leaves nothing of %j in any answer', async (left, markers) => {
    const slug = `without-${left.join('-')}`.slice(0, 60);
    const scene = mintShared(database, { name: slug });
    mintIncident(database, scene.artifactId, { notice: MARKERS.notice, title: MARKERS.incident });
    mintRetraction(database, { bundleId: scene.bundleId, artifactId: scene.artifactId, reason: MARKERS.retraction });
    const ctx = sceneContext(database);
    publish(ctx, { ...version(scene.versionId), slug, parts: without(...left), actor: ACTOR });
    recordChanges(ctx);
    const answers = await everything(`/p/${slug}`);
    expect(markers.filter((marker) => answers.includes(marker))).toEqual([]);
    expect(answers).not.toContain(MARKERS.incident);
    expect(answers).toContain('Do not use');
  });

  it('is never what things are called in the dashboard', async () => {
    const answers = await everything('/p/granite');
    const ids = [granite.versionId, granite.bundleId, 'mdl_', 'ver_', 'evt_', 'bdl_', 'inc_', 'pub_', MARKERS.note];
    expect(ids.filter((id) => answers.includes(id))).toEqual([]);
    expect(answers).not.toMatch(/\/(?:models|events|artifacts|settings|incidents)\//);
  });
});

describe('what strangers sign about the same files', () => {
  it('changes nothing on the page: no signature, statement or input of theirs stands there', async () => {
    const scene = mintShared(database, { name: 'envied', files: [{ path: 'own.bin', sha256: mintHexOf('envied') }] });
    publish(sceneContext(database), {
      ...version(scene.versionId),
      slug: 'envied',
      parts: partsOf(SHARED_PARTS),
      actor: ACTOR,
    });
    const before = await text('/p/envied');
    expect(before).toContain(MARKERS.chain);
    expect(before.match(/\/bundles\//g)).toHaveLength(2);
    const { artifactId, root, versionId } = scene;
    const stranger = { san: MARKERS.attester, issuer: 'https://accounts.elsewhere.example' };
    const touched = attest(database, { artifactId, root, dataset: 'stranger-dataset', name: 'envied', ...stranger });
    const late = mintEvent(database, null, {
      ...stranger,
      id: `evt_${'e'.repeat(24)}`,
      signedAt: Date.UTC(2026, 7, 1),
    });
    mintBundle(database, late, { versionId, method: 'sigstore', bytes: Buffer.from('{"stranger":1}') });
    settleAll(database, [artifactId, ...touched], Date.UTC(2026, 7, 1));
    expect(await text('/p/envied')).toBe(before);
  });
});

describe('a page of what must not be used', () => {
  it('says so before everything else, in the words of its publisher', async () => {
    const scene = mintShared(database, { name: 'poisoned', dataset: null });
    mintIncident(database, scene.artifactId, { notice: 'Line one <b>\nline two & more' });
    publish(sceneContext(database), {
      ...version(scene.versionId),
      slug: 'poisoned',
      parts: USUAL_PARTS,
      actor: ACTOR,
    });
    const page = await text('/p/poisoned');
    const main = page.slice(page.indexOf('<main'));
    expect(main.replaceAll(/\s+/g, ' ')).toMatch(/^<main id="content"> <section class="banner" role="alert"/);
    expect(page).toContain('Line one &lt;b&gt;<br>line two &amp; more');
    expect(page).toContain('No. Do not use these files');
    expect(await text('/p/poisoned/badge.svg')).toContain('Do not use, 12 Mar 2026');
    expect(JSON.parse(await text('/p/poisoned/status.json'))).toMatchObject({ state: 'refused', mustNotBeUsed: true });
    expect(JSON.parse(await text('/p/poisoned/badge.json'))).toMatchObject({ schemaVersion: 1, isError: true });
  });
});

describe('a name of a stranger', () => {
  const HOSTILE = `"><script>alert(1)</script>]]>&amp;\u202e\u0000\r\nSet-Cookie: a=b'–模型🙂{{7*7}}`;

  it('is text in every form that a page has', async () => {
    const scene = mintShared(database, {
      name: HOSTILE,
      label: HOSTILE,
      files: [{ path: HOSTILE.replaceAll('/', '').replaceAll('\u0000', ''), sha256: mintHexOf('x') }],
      signer: HOSTILE,
      dataset: HOSTILE,
    });
    publish(sceneContext(database), {
      ...version(scene.versionId),
      slug: 'hostile',
      parts: partsOf(SHARED_PARTS),
      actor: ACTOR,
    });
    recordChanges(sceneContext(database));
    for (const resource of ['', '/badge.svg', '/feed.atom']) {
      const response = await ask(`/p/hostile${resource}`);
      const body = await response.text();
      expect(response.status, resource).toBe(200);
      expect(body, resource).not.toContain('<script>alert');
      expect(body, resource).not.toContain('\u202e');
      expect(body.replaceAll('\n', ''), resource).not.toMatch(/\p{Cc}/u);
      expect([...response.headers.values()].join(), resource).not.toMatch(/Set-Cookie|[\r\n]/);
    }
    expect(JSON.parse(await text('/p/hostile/status.json')).name).toBe(HOSTILE);
    expect(JSON.parse(await text('/p/hostile/manifest.json')).resources).toHaveLength(1);
    expect((await text('/p/hostile/SHA256SUMS')).split('\n')).toHaveLength(2);
    const preview = await ask('/p/hostile/preview.png');
    expect(
      Buffer.from(await preview.arrayBuffer())
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
  });

  it('is in no address that a header carries', async () => {
    setPublicUrl(database, 'https://provenance.models.example/');
    const page = await text('/p/hostile');
    expect(page).toContain(
      '<meta property="og:image" content="https://provenance.models.example/p/hostile/preview.png">',
    );
    expect(page).toContain('<link rel="canonical" href="https://provenance.models.example/p/hostile">');
    setPublicUrl(database, 'javascript:alert(1)');
    expect(await text('/p/hostile')).toContain('<meta property="og:image" content="/p/hostile/preview.png">');
  });
});

describe('a version of ten thousand files', () => {
  it('has a light page, and lists that hold them all', { timeout: 60_000 }, async () => {
    const files = Array.from({ length: 10_000 }, (_, i) => ({
      path: `shards/${i}/weights.bin`,
      sha256: mintHexOf(`${i}`),
    }));
    const scene = mintShared(database, { name: 'huge', files, dataset: null });
    publish(sceneContext(database), { ...version(scene.versionId), slug: 'huge', parts: USUAL_PARTS, actor: ACTOR });
    const page = await text('/p/huge');
    expect(page.length).toBeLessThan(64_000);
    expect(page).toContain('The first 100 of 10,000');
    expect(JSON.parse(await text('/p/huge/manifest.json')).resources).toHaveLength(10_000);
    expect((await text('/p/huge/SHA256SUMS')).split('\n')).toHaveLength(10_001);
  });
});

describe('an unlisted page', () => {
  it('is kept by no cache, told to no other site, and found by no search engine', async () => {
    const response = await ask(`/s/${secret}`);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'cache-control': 'private, no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
    });
    expect(response.headers.get('ETag')).toBeNull();
    const page = await response.text();
    expect(page).toContain('<meta name="robots" content="noindex, nofollow">');
    expect(page).toContain('unlisted page');
    expect(page).not.toContain(MARKERS.note);
    expect(page).not.toMatch(/badge\.svg|feed\.atom|og:/);
    expect((await ask(`/s/${secret}/manifest.json`)).headers.get('Cache-Control')).toBe('private, no-store');
    for (const resource of ['badge.svg', 'badge.json', 'status.json', 'feed.atom', 'preview.png']) {
      expect((await ask(`/s/${secret}/${resource}`)).status, resource).toBe(404);
    }
  });

  it('gives one and the same answer to every secret that opens nothing', async () => {
    const bodies = new Set<string>();
    for (const path of ['/s/', `/s/${'a'.repeat(43)}`, '/s/x', `/s/${secret}x`, `/s/${secret.slice(1)}`]) {
      const response = await ask(path);
      expect(response.status, path).toBe(404);
      bodies.add(`${[...response.headers].join()}${await response.text()}`);
    }
    expect(bodies.size).toBe(1);
  });
});

describe('a page of a model', () => {
  it('is about its newest version, and leads to the others by the starts of their roots', async () => {
    const first = mintShared(database, { name: 'family', label: 'v1', dataset: null });
    const second = mintShared(database, {
      name: 'family',
      label: 'v2',
      files: [{ path: 'a', sha256: mintHexOf('v2') }],
      dataset: null,
      at: Date.UTC(2026, 4, 1),
    });
    const [row] = database.sqlite.prepare("SELECT id FROM models WHERE name = 'family'").all() as { id: string }[];
    publish(sceneContext(database), { kind: 'model', targetId: row?.id ?? '', parts: parts('history'), actor: ACTOR });
    const page = await text('/p/family');
    expect(page).toContain(second.root.slice(0, 12));
    expect(page).toContain(`href="/p/family/${versionKey(first.root)}"`);
    expect(await text(`/p/family/${versionKey(first.root)}`)).toContain('v1');
    expect((await ask(`/p/family/${versionKey(first.root)}/feed.atom`)).status).toBe(404);
    const feed = await text('/p/family/feed.atom');
    expect(feed).toContain('Version v2 was there when the page was published: Signed and logged.');
    expect(feed).toMatch(/<id>urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}<\/id>/);
  });
});

function mintHexOf(seed: string): string {
  return Buffer.from(seed.padEnd(32, '#').slice(0, 32)).toString('hex');
}
