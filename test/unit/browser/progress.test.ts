import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Progress } from '#lib/browser/progress.ts';

describe('progress', () => {
  it('knows no speed before there is something to measure', () => {
    const progress = new Progress(1000, 0);
    expect([progress.speed(100), progress.timeLeft(100), progress.share]).toEqual([null, null, 0]);
  });

  it('tells speed and time left by the last seconds only', () => {
    const progress = new Progress(100_000, 0);
    for (let at = 100; at <= 10_000; at += 100) progress.add(at <= 5000 ? 1000 : 100, at);
    expect(progress.bytes).toBe(55_000);
    expect(progress.speed(10_000)).toBeCloseTo(1000, -1);
    expect(progress.timeLeft(10_000)).toBeCloseTo(45_000, -3);
  });

  it('falls to nothing where nothing moves, and then tells no time left', () => {
    const progress = new Progress(1000, 0);
    progress.add(500, 100);
    expect(progress.speed(60_000)).toBe(0);
    expect(progress.timeLeft(60_000)).toBeNull();
  });

  it('is whole where there is nothing to hash', () => {
    expect(new Progress(0, 0).share).toBe(1);
  });

  it('never tells a negative or impossible speed', () => {
    const steps = fc.array(fc.tuple(fc.nat(10_000_000), fc.nat(3000)), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(steps, (all) => {
        const progress = new Progress(
          all.reduce((sum, [bytes]) => sum + bytes, 0),
          0,
        );
        let at = 0;
        for (const [bytes, wait] of all) {
          at += wait;
          progress.add(bytes, at);
          const speed = progress.speed(at);
          expect(speed === null || (speed >= 0 && Number.isFinite(speed))).toBe(true);
          expect(progress.share).toBeLessThanOrEqual(1);
        }
        expect(progress.share).toBe(1);
      }),
    );
  });
});
