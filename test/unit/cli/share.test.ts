import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '#db/client.ts';
import { createDatabase } from '#db/migrate.ts';
import { findPublication } from '#lib/services/sharing/find-publication.ts';
import { openShareLink } from '#lib/services/sharing/open-share-link.ts';
import { temporaryFolder } from '#test/support/product.ts';
import { mintShared } from '#test/support/sharing-scene.ts';
import { runCli } from './run-cli.ts';

const folder = temporaryFolder();
const path = join(folder.path, 'modeltrail.db');
let database: OpenDatabase;
beforeAll(() => {
  database = createDatabase(path);
  mintShared(database);
});
afterAll(() => {
  database.close();
  folder.remove();
});

const share = (...args: string[]) => runCli(['share', ...args, '--database', path]);

describe('modeltrail share', { timeout: 60_000 }, () => {
  it('publishes, changes what is shown, and takes back', async () => {
    expect(await share('publish', 'granite', '--slug', 'our-granite')).toMatchObject({
      code: 0,
      stdout: 'Public now: /p/our-granite\n',
    });
    expect(findPublication(database, 'our-granite')).toMatchObject({ parts: { files: true, chain: false } });
    const changed = await share('publish', 'granite', '--show', 'signer,chain', '--json');
    expect(JSON.parse(changed.stdout)).toEqual({ slug: 'our-granite', address: '/p/our-granite' });
    expect(findPublication(database, 'our-granite')).toMatchObject({ parts: { files: false, chain: true } });
    expect((await share('withdraw', 'our-granite')).code).toBe(0);
    expect(findPublication(database, 'our-granite')).toBe('withdrawn');
    expect(await share('withdraw', 'our-granite')).toMatchObject({ code: 1 });
  });

  it('makes a link that is printed once', async () => {
    const { code, stdout } = await share(
      'link',
      'granite',
      '--model-version',
      '1.0',
      '--expires',
      '2d',
      '--show',
      'nothing',
    );
    expect(code).toBe(0);
    const secret = /^\/s\/([A-Za-z0-9_-]{43})$/m.exec(stdout)?.[1] ?? '';
    expect(openShareLink(database, { secret, now: Date.now() })).toMatchObject({ kind: 'version' });
    expect(openShareLink(database, { secret, now: Date.now() + 3 * 86_400_000 })).toBeNull();
  });

  it.each([
    [['publish', 'nobody'], 1, 'No model "nobody" is known here'],
    [['publish', 'granite', '--slug', 'NO'], 1, 'is not 3 to 64'],
    [['publish', 'granite', '--show', 'proofs'], 1, 'Show signer and files too'],
    [['publish', 'granite', '--show', 'all'], 2, 'There is no part "all"'],
    [['link', 'granite', '--expires', '366d'], 2, 'is not 1d to 365d'],
  ] as const)('refuses %j', async (args, code, why) => {
    const run = await share(...args);
    expect(run.code).toBe(code);
    expect(run.stdout + run.stderr).toContain(why);
  });
});
