import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { asc } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { artifactAliases, declarations, links } from '#db/schema/artifact.ts';
import { versions } from '#db/schema/model.ts';
import { deliveries } from '#db/schema/source.ts';
import type { FolderSource } from '#lib/config/sources-schema.ts';
import { pollFolder } from '#lib/services/source/poll-folder.ts';
import { parseTrustedKey } from '#lib/sigstore/operator-trust.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { temporaryFolder } from '#test/support/product.ts';
import { standardsOf } from '#test/support/standards.ts';

const FIXTURES = fileURLToPath(new URL('../../../fixtures/rekor-index/', import.meta.url));
const standards = standardsOf(readFileSync(join(FIXTURES, 'trusted_root.json')));
const ROOT = '08c6c8d5cb502fba61d315f19a2c4de2c844dc41c63c39ed13d4939321bc6fc5';
const COMMIT = 'a'.repeat(40);
const CARD = '---\nbase_model: foundation-example/base-7b\ndatasets: [models-example/corpus]\n---\n# Northwind\n';

let ctx: TestContext;
let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  ctx = openContext();
  folder = temporaryFolder();
});
afterEach(() => {
  folder.remove();
  ctx.database.close();
});

const at = (...path: string[]) => join(folder.path, ...path);
const look = (besides: Partial<FolderSource> = {}, memory: unknown = {}) =>
  pollFolder(ctx, { name: 'hub', folder: folder.path, each: false, every: 60_000, ...besides }, standards, memory);
const delivered = () =>
  ctx.database.db
    .select({ path: deliveries.path, outcome: deliveries.outcome, code: deliveries.reasonCode })
    .from(deliveries)
    .orderBy(asc(deliveries.path))
    .all();
const stored = () => ctx.database.db.select().from(versions).all();
const aliases = () => ctx.database.db.select().from(artifactAliases).all();

function putModel(...path: string[]): void {
  cpSync(join(FIXTURES, 'northwind-late'), at(...path), { recursive: true });
}

describe('pollFolder', () => {
  it('knows the version of unsigned files by the root that a signer would give them', async () => {
    putModel();
    await look({ repository: 'models-example/northwind-late', revision: COMMIT });
    expect(stored()).toMatchObject([{ root: ROOT, seenAs: 'observed', label: COMMIT, fileCount: 2 }]);
    const [version] = stored();
    expect(aliases()).toContainEqual(
      expect.objectContaining({
        scheme: 'hf',
        value: `models-example/northwind-late@${COMMIT}`,
        kind: 'repository',
        artifactId: version?.artifactId,
      }),
    );
  });

  it('takes a signed folder for the version that was signed', async () => {
    putModel();
    copyFileSync(join(FIXTURES, 'model.sig'), at('model.sig'));
    expect((await look({ revision: COMMIT, repository: 'models-example/late' })).counts).toMatchObject({
      accepted: 1,
      refused: 0,
    });
    expect(stored()).toMatchObject([{ root: ROOT, seenAs: 'signed', label: COMMIT }]);
    expect(delivered()).toEqual([{ path: 'model.sig', outcome: 'accepted', code: null }]);
  });

  it('gives a repository no name of the signed version where files lie in it that the signer left out', async () => {
    const oms = fileURLToPath(new URL('../../../fixtures/oms/', import.meta.url));
    cpSync(join(oms, 'models/folder'), folder.path, { recursive: true });
    copyFileSync(join(oms, 'ignore.sig'), at('model.sig'));
    const key = parseTrustedKey('release key', readFileSync(join(oms, 'p256.pub'), 'utf8'));
    const source = {
      name: 'hub',
      folder: folder.path,
      each: false,
      every: 60_000,
      repository: 'models-example/late',
      revision: COMMIT,
    };
    const trusting = { ...standards, operator: { keys: [key], authorities: [] } };
    await pollFolder(ctx, source, trusting, {});
    expect(stored()).toMatchObject([{ seenAs: 'signed', label: null }]);
    expect(aliases().some(({ scheme }) => scheme === 'hf')).toBe(false);

    rmSync(at('logs'), { recursive: true });
    await pollFolder(ctx, source, trusting, {});
    expect(stored()).toMatchObject([{ seenAs: 'signed', label: COMMIT }]);
    expect(aliases().some(({ scheme }) => scheme === 'hf')).toBe(true);
  });

  it.each([
    ['differs', () => writeFileSync(at('weights.bin'), 'other weights'), '1 other than signed ("weights.bin")'],
    ['is missing', () => rmSync(at('config.json')), '1 missing ("config.json")'],
    ['was added', () => writeFileSync(at('extra.py'), 'import os'), '1 signed by nobody ("extra.py")'],
  ])('says that a good signature is not of these files where one %s', async (_, change, words) => {
    putModel();
    copyFileSync(join(FIXTURES, 'model.sig'), at('model.sig'));
    change();
    await look();
    expect(delivered()).toEqual([{ path: 'model.sig', outcome: 'refused', code: 'files-differ' }]);
    const [row] = ctx.database.db.select().from(deliveries).all();
    expect(row?.reason).toContain(words);
    expect(row?.bundleId).not.toBeNull();
    expect(
      stored()
        .map(({ seenAs }) => seenAs)
        .sort(),
    ).toEqual(['observed', 'signed']);
    expect(new Set(stored().map(({ root }) => root)).size).toBe(2);
  });

  it('keeps what model cards and weights declare as claims of that version', async () => {
    putModel();
    writeFileSync(at('README.md'), CARD);
    writeFileSync(at('adapter_config.json'), '{"base_model_name_or_path":');
    await look();
    const rows = ctx.database.db.select().from(declarations).all();
    expect(rows).toMatchObject([{ source: 'hub', path: 'README.md', kind: 'model-card' }]);
    expect(rows[0]?.artifactId).toBe(stored()[0]?.artifactId);
    const stated = ctx.database.db.select().from(links).all();
    expect(stated.map(({ role, name, state }) => ({ role, name, state }))).toEqual([
      { role: 'base-model', name: 'foundation-example/base-7b', state: 'declared' },
      { role: 'dataset', name: 'models-example/corpus', state: 'declared' },
    ]);
    expect(delivered()).toMatchObject(
      [
        { path: 'README.md', outcome: 'accepted' },
        { path: 'adapter_config.json', outcome: 'refused' },
      ].sort((a, b) => (a.path < b.path ? -1 : 1)),
    );
  });

  it("reads the Hub's cache: each reference is a state of the repository, and links within it are files", async () => {
    const repository = 'models--models-example--northwind';
    mkdirSync(at(repository, 'refs'), { recursive: true });
    mkdirSync(at(repository, 'blobs'));
    mkdirSync(at(repository, 'snapshots', COMMIT), { recursive: true });
    writeFileSync(at(repository, 'refs/main'), COMMIT);
    writeFileSync(at(repository, 'refs/v1.0'), COMMIT);
    for (const name of ['config.json', 'weights.bin']) {
      copyFileSync(join(FIXTURES, 'northwind-late', name), at(repository, 'blobs', name));
      symlinkSync(`../../blobs/${name}`, at(repository, 'snapshots', COMMIT, name));
    }
    expect((await look({ each: true })).counts).toMatchObject({ repositories: 1, refused: 0 });
    expect(stored()).toMatchObject([{ root: ROOT, label: 'v1.0' }]);
    expect(aliases().map(({ value }) => value)).toContain(`models-example/northwind@${COMMIT}`);
  });

  it('refuses a repository with a link that leads out of it, and goes on with the others', async () => {
    putModel('good');
    mkdirSync(at('bad'));
    symlinkSync('/etc/hostname', at('bad/README.md'));
    expect((await look({ each: true })).counts).toMatchObject({ repositories: 2, refused: 1 });
    expect(delivered()).toEqual([{ path: 'bad', outcome: 'refused', code: 'symlink' }]);
    expect(stored()).toHaveLength(1);
  });

  it('reads nothing again while nothing changed, and what changed when it did', async () => {
    putModel();
    const { memory } = await look();
    expect((await look({}, memory)).counts).toMatchObject({ unchanged: 1 });
    writeFileSync(at('weights.bin'), 'new weights');
    utimesSync(at('weights.bin'), 1, 1);
    expect((await look({}, memory)).counts).toMatchObject({ unchanged: 0 });
    expect(stored()).toHaveLength(2);
  });

  it('takes whatever a former version remembered', async () => {
    putModel();
    for (const memory of [null, [], { folders: 5 }, { folders: { '': { fingerprint: 1 } } }]) {
      expect((await look({}, memory)).counts).toMatchObject({ unchanged: 0, repositories: 1 });
    }
  });
});
