import { beforeEach, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '#db/client.ts';
import { createDatabase } from '#db/migrate.ts';
import { type DeliveryPage, listDeliveries } from '#lib/services/source/list-deliveries.ts';
import { MINT_TIME } from '#test/factories.ts';
import { mintBundle, mintModel, mintSourceFile, mintVersion } from '#test/model-factories.ts';

let database: OpenDatabase;

beforeEach(() => {
  database = createDatabase(':memory:');
});

describe('files of the watched directories', () => {
  it('stand with the refused first, then the latest, and are paged without losing any', async () => {
    for (let i = 0; i < 9; i++) {
      mintSourceFile(database, {
        path: `file-${i}`,
        outcome: i % 3 === 0 ? 'refused' : 'accepted',
        checkedAt: MINT_TIME + Math.floor(i / 4),
      });
    }
    const seen: string[] = [];
    let after: DeliveryPage['next'] = null;
    do {
      const page: DeliveryPage = await listDeliveries(database, { limit: 2, ...(after ? { after } : {}) });
      seen.push(...page.files.map(({ path }) => path));
      after = page.next;
    } while (after);
    expect(seen).toEqual(['file-6', 'file-3', 'file-0', 'file-8', 'file-7', 'file-5', 'file-4', 'file-2', 'file-1']);
  });

  it('are narrowed by outcome and source, and counted', async () => {
    mintSourceFile(database, { path: 'a' });
    mintSourceFile(database, { path: 'b', outcome: 'refused', reasonCode: 'not-json', reason: 'No JSON.' });
    mintSourceFile(database, { path: 'c', source: 'other' });
    const page = await listDeliveries(database, { source: 'releases', outcome: 'refused', limit: 10 });
    expect(page.files.map(({ path, reason }) => [path, reason])).toEqual([['b', 'No JSON.']]);
    expect(page.counts).toEqual({ accepted: 1, refused: 1 });
  });

  it('name the model that their bundle signs', async () => {
    const version = mintVersion(database, mintModel(database, 'northwind'));
    const bundle = mintBundle(database, null, { versionId: version.id });
    mintSourceFile(database, { path: 'model.sig', bundleId: bundle.id });
    expect((await listDeliveries(database, { limit: 1 })).files[0]).toMatchObject({
      model: 'northwind',
      slug: 'northwind',
    });
  });
});
