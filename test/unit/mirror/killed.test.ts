import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkMirror } from '#lib/mirror/check-mirror.ts';
import { MirrorStore } from '#lib/mirror/store.ts';
import { MintedLog } from '#test/support/minted-log.ts';
import { CrashingFiles } from './crashing-files.ts';
import { entriesOf, expectServed, signed } from './support.ts';

const ORIGIN = 'log.example';
const LOG = new MintedLog(ORIGIN).add(...entriesOf(1400));
/** Within a bundle, on its end, over several, and the same checkpoint twice. */
const SIZES = [3, 40, 256, 300, 310, 310, 700, 1400];

interface Outcome {
  /** Size of the last commit that returned. */
  served: number;
  /** Size of the commit that was under way. */
  underWay: number | null;
  /** Size of the last flush that returned, rounded down as flushes are. */
  flushed: number;
}

/** Mirrors the whole log from wherever the mirror is, and tells how far it had come when it was killed. */
async function mirrorAll(files: CrashingFiles, outcome: Outcome): Promise<void> {
  const store = await MirrorStore.open('/m', ORIGIN, { files });
  for (const size of SIZES.filter((size) => size >= store.size)) {
    while (store.size < size) {
      await store.append(LOG.entries.slice(store.size, Math.min(size, store.size + 180)));
      await store.flush();
      outcome.flushed = Math.max(outcome.flushed, store.size - (store.size % 256));
    }
    outcome.underWay = size;
    await store.commit(signed(LOG, size));
    outcome.underWay = null;
    outcome.served = size;
  }
}

async function killAt(step: number, files: CrashingFiles, outcome: Outcome): Promise<boolean> {
  files.stepsLeft = step;
  try {
    await mirrorAll(files, outcome);
    return false;
  } catch (error) {
    expect((error as Error).cause ?? error).toMatchObject({ message: 'killed' });
    return true;
  } finally {
    files.stepsLeft = Number.POSITIVE_INFINITY;
  }
}

/** What is served is the last checkpoint whose commit returned, or the one that was under way: whole in both cases. */
async function expectWhole(files: CrashingFiles, { served, underWay, flushed }: Outcome): Promise<void> {
  const found = async () => (await checkMirror('/m', ORIGIN, { files }))?.head?.size ?? 0;
  const before = await found();
  expect([served, underWay]).toContain(before);
  if (before > 0) await expectServed(files, LOG, before);
  const store = await MirrorStore.open('/m', ORIGIN, { files });
  expect(store.head.size).toBe(before);
  expect(store.size).toBeGreaterThanOrEqual(Math.max(before, flushed));
  if (before > 0) await expectServed(files, LOG, before);
}

async function expectDone(files: CrashingFiles): Promise<void> {
  await mirrorAll(files, { served: 0, underWay: null, flushed: 0 });
  await expectServed(files, LOG, LOG.size);
  const store = await MirrorStore.open('/m', ORIGIN, { files });
  const tiles = [...files.contents()].filter(([path]) => path.includes('/tile/'));
  expect(store.bytesUsed()).toBe(tiles.reduce((sum, [, bytes]) => sum + bytes.length, 0));
}

describe('a mirror that is killed', () => {
  it('still serves its last checkpoint whole, at whatever step it was killed, and goes on', async () => {
    const steps = await (async () => {
      const files = new CrashingFiles();
      await mirrorAll(files, { served: 0, underWay: null, flushed: 0 });
      return files.steps;
    })();
    expect(steps).toBeGreaterThan(150);
    for (let step = 0; step < steps; step++) {
      const files = new CrashingFiles();
      const outcome: Outcome = { served: 0, underWay: null, flushed: 0 };
      expect(await killAt(step, files, outcome), `step ${step}`).toBe(true);
      await expectWhole(files, outcome);
      await expectDone(files);
    }
  }, 60_000);

  it('does so when the power was cut too, again and again, and unflushed pieces are lost or torn by chance', async () => {
    const kill = fc.record({ step: fc.nat(250), chances: fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(kill, { minLength: 1, maxLength: 4 }), async (kills) => {
        const files = new CrashingFiles();
        let outcome: Outcome = { served: 0, underWay: null, flushed: 0 };
        for (const { step, chances } of kills) {
          await killAt(step, files, outcome);
          let at = 0;
          files.cutPower(() => chances[at++ % chances.length] ?? false);
          await expectWhole(files, outcome);
          const store = await MirrorStore.open('/m', ORIGIN, { files });
          outcome = { served: store.head.size, underWay: null, flushed: 0 };
        }
        await expectDone(files);
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});
