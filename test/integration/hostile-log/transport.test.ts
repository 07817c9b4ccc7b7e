import { afterEach, describe, expect, it } from 'vitest';
import { misbehaviour } from '#test/support/hostile-log/registry.ts';
import { HostileScene } from '#test/support/hostile-log/scene.ts';
import { TRANSPORT } from '#test/support/hostile-log/transport.ts';
import { expectNoticed } from './notice.ts';

let scene: HostileScene;

afterEach(() => scene?.close());

/** One round on a log that misbehaves so. */
async function roundOf(name: string) {
  scene = await HostileScene.open();
  const conduct = misbehaviour(name);
  scene.misbehave(conduct);
  const [asked, sent, began] = [scene.hostile.asked.length, scene.hostile.bytesSent, performance.now()];
  const result = await scene.follow(scene.hostile, conduct);
  return {
    result,
    asked: scene.hostile.asked.slice(asked),
    sent: scene.hostile.bytesSent - sent,
    seconds: (performance.now() - began) / 1000,
  };
}

describe('a log that answers in other ways', () => {
  it.each(TRANSPORT)('$name: $does', expectNoticed);
});

describe('what an answer may cost', () => {
  const MIB = 2 ** 20;
  /** What the kernel may take up of an answer that nobody reads any more. */
  const IN_FLIGHT = 8 * MIB;

  it.each([
    ['endless-note', 64 * 1024, 1],
    ['endless-error', 16 * 1024, 2],
    ['gzip-bomb', 64 * 1024, 1],
    ['length-beyond-all', 0, 3],
    // Each bundle may have 256 entries of 65,535 bytes.
    ['endless-bundle', 256 * 65_537, 3],
  ])('%s is read no further than its limit', async (name, limit, answers) => {
    const { sent } = await roundOf(name);
    expect(sent).toBeLessThan(answers * (limit + IN_FLIGHT));
  });

  it.each(TRANSPORT.filter(({ isSlow }) => isSlow))('$name ends with the patience of the reader', async ({ name }) => {
    const { seconds, asked } = await roundOf(name);
    expect(seconds).toBeLessThan(10);
    expect(asked.length).toBeLessThan(20);
  });

  it('a redirect is not followed: the other server is never asked', async () => {
    await roundOf('redirect-to-another-host');
    expect(scene.elsewhere.asked).toEqual([]);
  });

  it('a log that asks for peace has it: the wait is kept, and attempts are few', async () => {
    const { asked } = await roundOf('too-many-requests');
    expect(scene.waits).toEqual([7000]);
    expect(asked).toHaveLength(2);
  });

  it('a log that sends us away for centuries is asked once, and again within the hour', async () => {
    const { asked, result } = await roundOf('sent-away-for-centuries');
    expect(asked).toHaveLength(1);
    expect(result).toMatchObject({ outcome: 'failed', retryAfter: 3_600_000 });
    expect(scene.waits).toEqual([]);
  });
});
