import { asc } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { eventMatches, events } from '#db/schema/event.ts';
import { HOSTILE_ENTRIES } from '#test/support/hostile-log/entries.ts';
import { noise } from '#test/support/hostile-log/noise.ts';
import { HostileScene } from '#test/support/hostile-log/scene.ts';
import { MintedLog } from '#test/support/minted-log.ts';
import { openFaults, rowOf } from './notice.ts';

describe('an entry that a log took', () => {
  it.each(HOSTILE_ENTRIES)(
    '$name: $holds, becomes an event, $becomes, and stops nothing',
    async ({ bytes, becomes }) => {
      const log = new MintedLog('hostile.example').add(...noise('before', 260), bytes, ...noise('after', 300));
      const scene = await HostileScene.open(log, 200);
      try {
        scene.hostile.size = log.size;
        expect(await scene.follow(scene.hostile)).toEqual({ outcome: 'grown', entries: 361, events: 1 });
        expect(rowOf(scene)).toMatchObject({ state: 'following', verifiedSize: 561 });
        expect(openFaults(scene)).toEqual([]);
        const { db } = scene.ctx.database;
        const [event] = db
          .select()
          .from(events)
          .orderBy(asc(events.logIndex))
          .all()
          .filter(({ logIndex }) => logIndex === 260);
        const matches = db
          .select()
          .from(eventMatches)
          .all()
          .filter(({ eventId }) => eventId === event?.id);
        expect(event?.entry).toEqual(bytes);
        expect(event?.authenticity).not.toBe('verified');
        expect(event?.undecided !== null).toBe(becomes !== 'matched');
        expect(matches.length > 0).toBe(becomes !== 'undecided');
      } finally {
        await scene.close();
      }
    },
  );
});
