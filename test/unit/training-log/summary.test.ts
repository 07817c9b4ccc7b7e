import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sparkline } from '#app/_models/sparkline.ts';
import { readTrainingLog } from '#lib/training-log/read.ts';
import { readReceipt } from '#lib/training-log/receipt.ts';
import { SUMMARY_METRICS, SUMMARY_POINTS, summariseTrainingLog } from '#lib/training-log/summary.ts';
import { event, metric, mintTrainingLog, STARTED } from './mint-log.ts';

const summaryOf = (entries: readonly object[]) =>
  summariseTrainingLog(readTrainingLog(mintTrainingLog(entries).bytes).entries);

describe('the summary of a training log', () => {
  it('stays within bounds, and keeps first, last, least and most', () => {
    const entries = Array.from({ length: 1200 }, (_, i) => metric(i, { loss: i === 700 ? -5 : 1200 - i }));
    const [loss] = summaryOf(entries).metrics;
    expect(loss).toMatchObject({ name: 'loss', count: 1200, last: 1, least: -5, most: 1200 });
    expect(loss?.points).toHaveLength(SUMMARY_POINTS);
    expect([loss?.points[0], loss?.points.at(-1)]).toEqual([
      [0, 1200],
      [1199, 1],
    ]);
  });

  it('counts what it leaves out', () => {
    const values = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`m${i}`, i]));
    const events = Array.from({ length: 250 }, (_, i) => event(`event ${i}`));
    const summary = summaryOf([metric(0, values), ...events]);
    expect(summary.metrics).toHaveLength(SUMMARY_METRICS);
    expect(summary.events).toHaveLength(200);
    expect(summary.events.at(-1)?.text).toBe('event 249');
    expect(summary.counts).toEqual({ metrics: 30, checkpoints: 0, events: 250 });
  });

  it('tells that a clock went back', () => {
    expect(summaryOf([event('a'), { ...event('b'), at: STARTED - 1 }, event('c')]).clockSteps).toBe(1);
  });

  it('is drawn within its box, whatever the values', () => {
    const value = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), value), { minLength: 1 }), (points) => {
        const ys = points.map(([, y]) => y);
        const summary = { name: 'm', count: 1, last: 0, least: Math.min(...ys), most: Math.max(...ys), points };
        const numbers = sparkline(summary, 100, 30).match(/-?[\d.]+|NaN|Infinity/g) ?? [];
        expect(numbers).toHaveLength(points.length * 2);
        for (const [i, number] of numbers.entries()) {
          expect(Number(number)).toBeGreaterThanOrEqual(0);
          expect(Number(number)).toBeLessThanOrEqual(i % 2 === 0 ? 100 : 30);
        }
      }),
    );
  });
});

describe('a receipt', () => {
  it('is read strictly', () => {
    const root = 'a'.repeat(64);
    expect(readReceipt(Buffer.from(`{"size":3,"root":"${root}"}\n`))).toEqual({ size: 3, root });
    for (const text of [
      '',
      '[]',
      'null',
      '{"size":0,"root":""}',
      `{"size":"3","root":"${root}"}`,
      '{"size":3,"size":3}',
    ])
      expect(() => readReceipt(Buffer.from(text)), text).toThrow(/receipt/);
  });
});
