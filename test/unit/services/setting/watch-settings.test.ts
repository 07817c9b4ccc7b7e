import { afterEach, beforeEach, describe, it } from 'vitest';
import { type OpenDatabase, openDatabase } from '#db/client.ts';
import { stampOf, storedItems } from '#lib/services/config/effective.ts';
import { type SettingsWatch, watchSettings } from '#lib/services/config/watch-settings.ts';
import { putSetting } from '#lib/services/setting/put.ts';
import { mintFileInForce } from '#test/state-factories.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { temporaryFolder, until } from '#test/support/product.ts';

let folder: ReturnType<typeof temporaryFolder>;
let ctx: TestContext;
let other: OpenDatabase;
let watch: SettingsWatch;
let changes = 0;

beforeEach(() => {
  folder = temporaryFolder();
  ctx = openContext(`${folder.path}/m.db`);
  mintFileInForce(ctx, 'organisation: { name: Models Example, contact: security@models.example }\n');
  other = openDatabase(`${folder.path}/m.db`);
  changes = 0;
});
afterEach(() => {
  watch.close();
  other.close();
  ctx.database.close();
  folder.remove();
});

const begin = (inForce: string) => {
  watch = watchSettings(other, { inForce, every: 5, onChange: () => changes++ });
};
const put = (name: string) => {
  const value = { identity: 'x@models.example' };
  const actor = { kind: 'command-line' } as const;
  putSetting(ctx, { section: 'watch', name, value, enabled: true, revision: null, actor });
};

describe('changes of what is set beside the file', () => {
  it('are told of once each, also those made by hand', async () => {
    begin(stampOf(storedItems(other)));
    put('a');
    await until(() => changes === 1, 'the change was told of');
    ctx.database.sqlite.exec(`UPDATE settings SET value = '{"name":"a","identity":"y"}'`);
    await until(() => changes === 2, 'the change by hand was told of');
    ctx.database.sqlite.exec('DELETE FROM settings');
    await until(() => changes === 3, 'the removal was told of');
  });

  it('are told of where they were made before anybody watched', async () => {
    const before = stampOf(storedItems(other));
    put('a');
    begin(before);
    await until(() => changes === 1, 'the change was told of');
  });
});
