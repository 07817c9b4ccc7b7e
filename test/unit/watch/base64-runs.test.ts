import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base64Runs } from '#lib/watch/base64-runs.ts';

const runs = (text: string) => [...base64Runs(Buffer.from(text))].map((bytes) => Buffer.from(bytes));

describe('base64Runs', () => {
  it('decodes as the platform does, of both alphabets and any length', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 18, maxLength: 200 }),
        fc.constantFrom('base64', 'base64url'),
        (bytes, encoding) => {
          expect(runs(`"${Buffer.from(bytes).toString(encoding)}"`)[0]).toEqual(Buffer.from(bytes));
        },
      ),
    );
  });

  it('finds every run, and passes over what is too short to matter', () => {
    const first = Buffer.from('the first of two runs').toString('base64');
    const second = Buffer.from('and the second of them').toString('base64');
    const found = runs(`{"a":"${first}","b":"c2hvcnQ=","c":"${second}"}`).map(String);
    expect(found).toHaveLength(8);
    expect([found[0], found[4]]).toEqual(['the first of two runs', 'and the second of them']);
  });

  it('finds nothing where there is none', () => {
    expect(runs('')).toEqual([]);
    expect(runs('{"kind": "hashedrekord"}')).toEqual([]);
  });
});
