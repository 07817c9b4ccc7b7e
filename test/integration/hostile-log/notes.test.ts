import { describe, expect, it } from 'vitest';
import { checkpoints } from '#db/schema/log.ts';
import { NOTES } from '#test/support/hostile-log/notes.ts';
import { misbehaviour } from '#test/support/hostile-log/registry.ts';
import { HostileScene } from '#test/support/hostile-log/scene.ts';
import { expectNoticed } from './notice.ts';

describe('a log that signs another note', () => {
  it.each(NOTES)('$name: $does', expectNoticed);

  it('has one row for one checkpoint, however many lines are added to it and how often they change', async () => {
    const scene = await HostileScene.open();
    try {
      scene.misbehave(misbehaviour('junk-lines-that-change'));
      for (let round = 0; round < 4; round++) await scene.follow(scene.hostile);
      const notes = scene.ctx.database.db.select().from(checkpoints).all();
      expect(notes.filter(({ size }) => size === scene.hostile.size)).toHaveLength(1);
    } finally {
      await scene.close();
    }
  });
});
