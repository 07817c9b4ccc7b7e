import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manifestId } from '#lib/model-signing/manifest-id.ts';
import type { OmsResource } from '#lib/model-signing/resource.ts';
import { rootOf } from '#lib/model-signing/roots.ts';

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const file = (name: string, content = name, algorithm = 'sha256'): OmsResource => ({
  name,
  algorithm,
  digest: digestOf(content),
});

describe('the manifest id', () => {
  it('is SHA-256 of the canonical JSON of the sorted list', () => {
    const json = `[["a \\"b\\"é","sha256","${digestOf('1')}"],["z","sha256","${digestOf('2')}"]]`;
    expect(manifestId([file('z', '2'), file('a "b"é', '1')])).toBe(digestOf(json));
    expect(manifestId([])).toBe(digestOf('[]'));
  });

  it('binds the names, which the root does not', () => {
    const [one, other] = [
      [file('a', '1'), file('b', '2')],
      [file('a', '1'), file('c', '2')],
    ];
    expect(rootOf(one)).toBe(rootOf(other));
    expect(manifestId(one)).not.toBe(manifestId(other));
    expect(manifestId([file('a', '1', 'blake3')])).not.toBe(manifestId([file('a', '1')]));
  });

  it('is the same for both spellings of the algorithm of shards', () => {
    const shard = (algorithm: string) => [file('w:0:8', 'x', algorithm)];
    expect(manifestId(shard('sha256-sharded-8'))).toBe(manifestId(shard('sha256')));
  });

  it('does not depend on the listed order', () => {
    const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 5, unit: 'grapheme' }), { maxLength: 8 });
    fc.assert(
      fc.property(names, fc.infiniteStream(fc.nat()), (list, order) => {
        const files = list.map((name) => file(name));
        const shuffled = files.map((f) => ({ f, at: order.next().value ?? 0 })).sort((a, b) => a.at - b.at);
        expect(manifestId(shuffled.map(({ f }) => f))).toBe(manifestId(files));
      }),
    );
  });
});
