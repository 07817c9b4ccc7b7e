import { array, assert, boolean, integer, property, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerMemory } from '#lib/rekor/answer-memory.ts';

const MEGABYTE = 1024 * 1024;

describe('memory of answers', () => {
  it('is just as long as asked for, and belongs to one answer at a time, whatever is taken and given', () => {
    assert(
      property(array(tuple(integer({ min: 0, max: 600_000 }), boolean())), (steps) => {
        const memory = new AnswerMemory();
        const held = new Map<ArrayBufferLike, Buffer>();
        for (const [length, isGiven] of steps) {
          const bytes = memory.take(length);
          expect(bytes.length).toBe(length);
          expect(held.has(bytes.buffer)).toBe(false);
          held.set(bytes.buffer, bytes);
          if (!isGiven) continue;
          memory.give(bytes);
          held.delete(bytes.buffer);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('is used again for what fits, and not for what does not', () => {
    const memory = new AnswerMemory();
    const { buffer } = memory.take(600_000);
    memory.give(new Uint8Array(buffer));
    expect(memory.take(2 * MEGABYTE).buffer).not.toBe(buffer);
    expect(memory.take(500_000).buffer).toBe(buffer);
    expect(memory.take(500_000).buffer).not.toBe(buffer);
  });

  it('is never the pool that small buffers of everybody share', () => {
    const memory = new AnswerMemory();
    let pooled = Buffer.allocUnsafe(1000);
    while (pooled.byteOffset !== 0 || pooled.buffer.byteLength !== Buffer.poolSize) pooled = Buffer.allocUnsafe(1000);
    memory.give(pooled);
    expect(memory.take(Buffer.poolSize).buffer).not.toBe(pooled.buffer);
  });

  it('is not kept beyond its limits, nor what was never taken or is in other hands', () => {
    const memory = new AnswerMemory();
    const huge = memory.take(16 * MEGABYTE);
    memory.give(huge);
    expect(memory.take(16 * MEGABYTE).buffer).not.toBe(huge.buffer);
    const many = Array.from({ length: 40 }, () => memory.take(2 * MEGABYTE));
    for (const bytes of many) memory.give(bytes);
    const again = new Set(Array.from({ length: 40 }, () => memory.take(2 * MEGABYTE).buffer));
    expect(many.filter(({ buffer }) => again.has(buffer))).toHaveLength(12);
    const moved = memory.take(600_000);
    structuredClone(moved, { transfer: [moved.buffer] });
    memory.give(moved);
    expect(memory.take(100_000).length).toBe(100_000);
  });
});
