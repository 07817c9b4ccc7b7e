import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadTrust } from '#lib/sigstore/trust-source.ts';
import { readSigningConfigs, readTufExpiry, tufFolder } from '#lib/sigstore/tuf-cache.ts';
import { temporaryFolder } from '#test/support/product.ts';
import { MintedSigstore } from './mint-bundle.ts';
import { MintedTuf } from './mint-tuf.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const ROLES = ['root', 'timestamp', 'snapshot', 'targets'] as const;

function write(path: string, expires: Partial<Record<(typeof ROLES)[number], string | object>> = {}) {
  mkdirSync(join(path, 'targets'), { recursive: true });
  for (const [i, role] of ROLES.entries()) {
    const given = expires[role] ?? `2026-0${i + 3}-01T00:00:00Z`;
    const content = typeof given === 'string' ? { signed: { _type: role, expires: given }, signatures: [] } : given;
    writeFileSync(join(path, `${role}.json`), JSON.stringify(content));
  }
}

describe('what TUF left on the disk', () => {
  it('runs out with the first of its roles', async () => {
    write(folder.path);
    expect(await readTufExpiry(folder.path)).toBe(Date.UTC(2026, 2, 1));
    write(folder.path, { timestamp: '2026-01-02T03:04:05Z' });
    expect(await readTufExpiry(folder.path)).toBe(Date.UTC(2026, 0, 2, 3, 4, 5));
  });

  it.each([
    ['another role', { signed: { _type: 'root', expires: '2026-01-01T00:00:00Z' } }],
    ['no time', { signed: { _type: 'snapshot' } }],
    ['a time of another form', { signed: { _type: 'snapshot', expires: '1 January 2026' } }],
    ['a day that no calendar has', { signed: { _type: 'snapshot', expires: '2026-13-41T00:00:00Z' } }],
    ['nothing', { signed: null }],
  ])('says nothing where a role has %s', async (_, snapshot) => {
    write(folder.path, { snapshot });
    expect(await readTufExpiry(folder.path)).toBeNull();
  });

  it('says nothing where a role is missing, or its file no JSON', async () => {
    expect(await readTufExpiry(folder.path)).toBeNull();
    write(folder.path);
    writeFileSync(join(folder.path, 'targets.json'), '{"signed":{},"signed":{}}');
    expect(await readTufExpiry(folder.path)).toBeNull();
  });

  it('comes with the trust root, with the signing configurations that are there', async () => {
    const mirror = 'https://tuf.example/x/';
    const path = tufFolder(folder.path, mirror);
    write(path);
    writeFileSync(join(path, 'targets', 'signing_config_rekor_v2.v0.2.json'), '{}');
    const fetchTarget = async () => JSON.stringify(new MintedSigstore().trustedRoot);
    const trust = await loadTrust({ tuf: { cacheDirectory: folder.path, mirror } }, { now: 0, fetchTarget });
    expect(trust.expiresAt).toBe(Date.UTC(2026, 2, 1));
    expect(trust.signingConfigs.map(({ name }) => name)).toEqual(['signing_config_rekor_v2.v0.2.json']);
    expect(await readSigningConfigs(folder.path)).toEqual([]);
  });
});

describe('a TUF repository', () => {
  const day = (n: number) =>
    new Date(Math.floor(Date.now() / 1000) * 1000 + n * 86_400_000).toISOString().replace('.000Z', 'Z');
  const configs = ['signing_config.v0.2.json', 'signing_config_rekor_v2.v0.2.json'];

  it('gives its signing configurations with the trust root, and takes back those that it has no longer', async () => {
    const tuf = await MintedTuf.start({ root: day(300), timestamp: day(3), snapshot: day(7), targets: day(90) });
    const rootPath = join(folder.path, 'root.json');
    tuf.writeRoot(rootPath);
    const source = { tuf: { cacheDirectory: join(folder.path, 'tuf'), mirror: tuf.url, rootPath } };
    const root = JSON.stringify(new MintedSigstore().trustedRoot);
    const load = async () => {
      const trust = await loadTrust(source, { now: Date.now() });
      expect([trust.source, trust.problem]).toEqual(['tuf', null]);
      return [trust.expiresAt, trust.signingConfigs.map(({ name }) => name)];
    };
    try {
      tuf.publish({ 'trusted_root.json': root });
      expect(await load()).toEqual([Date.parse(tuf.expires.timestamp), []]);
      tuf.publish({
        'trusted_root.json': root,
        ...Object.fromEntries(configs.map((name) => [name, `{"a":"${name}"}`])),
      });
      expect(await load()).toEqual([Date.parse(tuf.expires.timestamp), configs]);
      tuf.publish({ 'trusted_root.json': root, [configs[1] ?? '']: '{}' });
      expect(await load()).toEqual([Date.parse(tuf.expires.timestamp), configs.slice(1)]);
    } finally {
      await tuf.stop();
    }
    const offline = await loadTrust(source, { now: Date.now() });
    expect(offline).toMatchObject({ source: 'tuf', expiresAt: Date.parse(tuf.expires.timestamp) });
    expect(offline.problem).toContain('stays in force');
  });
});
