import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OmsResource } from '#lib/model-signing/resource.ts';
import { orderOf, rootCandidates, rootOf } from '#lib/model-signing/roots.ts';

const digestOf = (name: string): string => createHash('sha256').update(name).digest('hex');
const file = (name: string): OmsResource => ({ name, algorithm: 'sha256', digest: digestOf(name) });
const shard = (path: string, start: number, end: number): OmsResource => ({
  name: `${path}:${start}:${end}`,
  algorithm: 'sha256',
  digest: digestOf(`${path}:${start}`),
  shard: { path, start, end },
});
const listedRoot = (names: readonly string[]): string =>
  createHash('sha256')
    .update(Buffer.concat(names.map((name) => Buffer.from(digestOf(name), 'hex'))))
    .digest('hex');

describe('the OMS root', () => {
  it('is SHA-256 over the digests in the given order, and over nothing else', () => {
    expect(rootOf([file('b'), file('a')])).toBe(listedRoot(['b', 'a']));
    expect(rootOf([])).toBe(createHash('sha256').digest('hex'));
  });

  it('can be hashed by a function of the caller', () => {
    const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
    expect(rootOf([file('a')], sha256)).toBe(rootOf([file('a')]));
  });

  it('has two candidates where a name has a character below the slash beside a folder', () => {
    const { python, specification } = rootCandidates([file('a-b'), file('a/b')]);
    expect(python).toBe(listedRoot(['a/b', 'a-b']));
    expect(specification).toBe(listedRoot(['a-b', 'a/b']));
    expect(orderOf([file('a/b'), file('a-b')])).toBe('python');
    expect(orderOf([file('a-b'), file('a/b')])).toBe('specification');
    expect(orderOf([file('b'), file('a')])).toBe('neither');
    expect(orderOf([file('a'), file('b')])).toBe('both');
  });

  it('sorts shards by number in the one and by text in the other order', () => {
    const shards = [shard('w', 0, 2), shard('w', 10, 12), shard('w', 2, 10)];
    expect(orderOf(shards)).toBe('specification');
    expect(orderOf([shard('w', 0, 2), shard('w', 2, 10), shard('w', 10, 12)])).toBe('python');
  });

  it('compares by code point, not by UTF-16 unit', () => {
    expect(orderOf([file('\uffee'), file('\u{1f600}')])).toBe('both');
    expect(orderOf([file('\u{1f600}'), file('\uffee')])).toBe('neither');
  });

  it('agrees with sorting by components and by UTF-8 bytes for any names', () => {
    const part = fc.string({
      minLength: 1,
      maxLength: 4,
      unit: fc.constantFrom('a', 'b', '-', '.', ' ', 'é', '\uffee', '\u{1f600}'),
    });
    const names = fc.uniqueArray(
      fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/')),
      { maxLength: 12 },
    );
    const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
    const byComponents = (a: string, b: string) => {
      const [left, right] = [a.split('/'), b.split('/')];
      for (let i = 0; i < Math.min(left.length, right.length); i++) {
        const order = byBytes(left[i] ?? '', right[i] ?? '');
        if (order !== 0) return order;
      }
      return left.length - right.length;
    };
    fc.assert(
      fc.property(names, (list) => {
        expect(rootCandidates(list.map(file))).toEqual({
          python: listedRoot([...list].sort(byComponents)),
          specification: listedRoot([...list].sort(byBytes)),
        });
      }),
    );
  });
});
