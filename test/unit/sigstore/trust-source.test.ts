import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TrustError } from '#lib/sigstore/trust-error.ts';
import { loadTrust } from '#lib/sigstore/trust-source.ts';
import { publicGoodSeed } from '#lib/sigstore/tuf-seed.ts';
import { MintedSigstore } from './mint-bundle.ts';

const now = Date.parse('2026-05-01T00:00:00Z');
const minted = JSON.stringify(new MintedSigstore().trustedRoot);
const unreachable = async () => Promise.reject(new Error('no route to the mirror'));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trust-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the trust root', () => {
  it('is read from a file', async () => {
    const file = join(folder, 'trusted_root.json');
    writeFileSync(file, minted);
    expect(await loadTrust({ file }, { now })).toMatchObject({ source: 'file', fetchedAt: now, problem: null });
  });

  it('names the file that cannot be read', async () => {
    const file = join(folder, 'absent.json');
    await expect(loadTrust({ file }, { now })).rejects.toThrow(/absent\.json cannot be read.*trust\.file/);
  });

  it('comes from TUF where that answers', async () => {
    const loaded = await loadTrust({ tuf: { cacheDirectory: folder } }, { now, fetchTarget: async () => minted });
    expect(loaded).toMatchObject({ source: 'tuf', fetchedAt: now, problem: null });
  });

  it('falls back to the shipped seed, and says so', async () => {
    const loaded = await loadTrust({ tuf: { cacheDirectory: folder } }, { now, fetchTarget: unreachable });
    expect(loaded).toMatchObject({ source: 'tuf-seed', fetchedAt: null });
    expect(loaded.problem).toMatch(/no route to the mirror.*shipped with @sigstore\/tuf/);
    expect(loaded.root.logs).toHaveLength(2);
  });

  it('prefers what TUF gave last to the seed, but never takes the seed in the cache for it', async () => {
    const targets = join(folder, 'tuf-repo-cdn.sigstore.dev', 'targets');
    mkdirSync(targets, { recursive: true });
    writeFileSync(join(targets, 'trusted_root.json'), publicGoodSeed());
    const options = { now, fetchTarget: unreachable };
    expect(await loadTrust({ tuf: { cacheDirectory: folder } }, options)).toMatchObject({ source: 'tuf-seed' });
    writeFileSync(join(targets, 'trusted_root.json'), minted);
    const loaded = await loadTrust({ tuf: { cacheDirectory: folder } }, options);
    expect(loaded).toMatchObject({ source: 'tuf', problem: expect.stringContaining('stays in force') });
    expect(loaded.fetchedAt).toBeGreaterThan(0);
  });

  it('does not take a root that is not usable, even from TUF', async () => {
    const loaded = await loadTrust({ tuf: { cacheDirectory: folder } }, { now, fetchTarget: async () => '{}' });
    expect(loaded).toMatchObject({ source: 'tuf-seed', problem: expect.stringContaining('not that of a Sigstore') });
  });

  it('is not waited for beyond the limit', async () => {
    const never = () => new Promise<string>(() => {});
    const tuf = { cacheDirectory: folder, timeout: 5 };
    const loaded = await loadTrust({ tuf }, { now, fetchTarget: never });
    expect(loaded.problem).toMatch(/did not answer within 5 ms/);
  });

  it('of another mirror has no seed', async () => {
    const tuf = { cacheDirectory: folder, mirror: 'https://tuf.models.example' };
    await expect(loadTrust({ tuf }, { now, fetchTarget: unreachable })).rejects.toThrow(TrustError);
  });
});
