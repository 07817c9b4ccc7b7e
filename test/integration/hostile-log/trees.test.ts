import { desc } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { checkpoints } from '#db/schema/log.ts';
import { misbehaviour } from '#test/support/hostile-log/registry.ts';
import { HostileScene } from '#test/support/hostile-log/scene.ts';
import { TREES } from '#test/support/hostile-log/trees.ts';
import { expectNoticed, rowOf } from './notice.ts';

describe('a log that shows another tree', () => {
  it.each(TREES)('$name: $does', expectNoticed);

  it('and never another one answers well, but is seen not to change: its last contact moves, its newest head does not', async () => {
    const scene = await HostileScene.open();
    try {
      scene.misbehave(misbehaviour('stale-for-ever'));
      const newest = () => scene.ctx.database.db.select().from(checkpoints).orderBy(desc(checkpoints.id)).get();
      const [contact, head] = [rowOf(scene).lastSuccessAt ?? 0, newest()];
      for (let round = 0; round < 3; round++) await scene.follow(scene.hostile);
      expect(rowOf(scene).lastSuccessAt).toBeGreaterThan(contact);
      expect(newest()).toEqual(head);
    } finally {
      await scene.close();
    }
  });
});
