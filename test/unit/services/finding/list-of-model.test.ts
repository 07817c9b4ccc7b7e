import { beforeEach, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '#db/client.ts';
import { createDatabase } from '#db/migrate.ts';
import { findings } from '#db/schema/finding.ts';
import { countFindingsOfModel, listFindingsOfModel } from '#lib/services/finding/list-of-model.ts';
import { MINT_TIME } from '#test/factories.ts';

let database: OpenDatabase;

beforeEach(() => {
  database = createDatabase(':memory:');
});

function mintFinding(id: string, overrides: Partial<typeof findings.$inferInsert> = {}): void {
  database.db
    .insert(findings)
    .values({
      id,
      kind: 'broken-link',
      modelId: 'mdl_1',
      versionId: 'ver_1',
      statement: `What ${id} says.`,
      evidence: '{"weakest link":"conflict"}',
      firstAt: MINT_TIME,
      ...overrides,
    })
    .run();
}

describe('the findings of a model', () => {
  it('are what is so still, then what was so, each the newest first', async () => {
    mintFinding('old', { firstAt: MINT_TIME - 1 });
    mintFinding('past', { firstAt: MINT_TIME + 9, resolvedAt: MINT_TIME + 10 });
    mintFinding('young', { firstAt: MINT_TIME + 1 });
    mintFinding('elsewhere', { modelId: 'mdl_2' });
    const found = await listFindingsOfModel(database, { modelId: 'mdl_1', limit: 10 });
    expect(found.map(({ id }) => id)).toEqual(['young', 'old', 'past']);
    expect(found[0]).toMatchObject({ statement: 'What young says.', evidence: { 'weakest link': 'conflict' } });
    expect(await countFindingsOfModel(database, { modelId: 'mdl_1' })).toEqual({ open: 2, past: 1 });
  });

  it('are counted all, however few are listed, and never lose an open one to a past one', async () => {
    for (let i = 0; i < 5; i++) mintFinding(`past-${i}`, { firstAt: MINT_TIME + 100, resolvedAt: MINT_TIME + 101 });
    mintFinding('open');
    const found = await listFindingsOfModel(database, { modelId: 'mdl_1', limit: 2 });
    expect(found.map(({ id }) => id)).toEqual(['open', 'past-0']);
    expect(await countFindingsOfModel(database, { modelId: 'mdl_1' })).toEqual({ open: 1, past: 5 });
  });

  it('are none for a model of which nothing was found', async () => {
    expect(await listFindingsOfModel(database, { modelId: 'mdl_1', limit: 2 })).toEqual([]);
    expect(await countFindingsOfModel(database, { modelId: 'mdl_1' })).toEqual({ open: 0, past: 0 });
  });
});
