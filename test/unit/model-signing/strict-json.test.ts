import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonError, parseStrictJson } from '#lib/model-signing/strict-json.ts';

const limits = { maxBytes: 10_000 };
const parse = (text: string) => parseStrictJson(new TextEncoder().encode(text), limits);

function codeOf(bytes: Uint8Array, maxDepth?: number): string {
  try {
    parseStrictJson(bytes, { ...limits, ...(maxDepth !== undefined && { maxDepth }) });
    return 'taken';
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return error.code;
  }
}
const code = (text: string, maxDepth?: number) => codeOf(new TextEncoder().encode(text), maxDepth);

describe('strict JSON', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        expect(parse(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('refuses a key twice in one object, however it is written, and nowhere else', () => {
    expect(code('{"a":1,"a":2}')).toBe('duplicate-key');
    expect(code('{"a":1 , "\\u0061"\n:2}')).toBe('duplicate-key');
    expect(code('[{"x":{"a":1,"b":[],"a":2}}]')).toBe('duplicate-key');
    expect(code('{"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}]}')).toBe('taken');
    expect(code('["a","a",{"b":"a","a":"b"}]')).toBe('taken');
    expect(code('{"a\\"":1,"a":2,"\\\\":3}')).toBe('taken');
    expect(code('{"__proto__":1,"__proto__":2}')).toBe('duplicate-key');
  });

  it('finds the doubled key in any object', () => {
    const key = fc.string({ maxLength: 6, unit: 'binary' });
    fc.assert(
      fc.property(
        fc.dictionary(key, fc.json({ maxDepth: 2 }), { minKeys: 1, maxKeys: 6 }),
        fc.nat(),
        (object, pick) => {
          const members = Object.entries(object).map(([name, json]) => `${JSON.stringify(name)}:${json}`);
          expect(code(`{${members.join(',')}}`)).toBe('taken');
          expect(code(`{${[...members, members[pick % members.length]].join(',')}}`)).toBe('duplicate-key');
        },
      ),
    );
  });

  it('bounds size and depth before parsing', () => {
    expect(codeOf(new Uint8Array(10_001))).toBe('too-large');
    expect(code('['.repeat(65) + ']'.repeat(65))).toBe('too-deep');
    expect(code('['.repeat(64) + ']'.repeat(64))).toBe('taken');
    expect(code('[[]]', 1)).toBe('too-deep');
  });

  it('refuses other encodings, marks and everything else that is not JSON', () => {
    expect(codeOf(Uint8Array.of(0x22, 0xff, 0x22))).toBe('not-utf8');
    for (const text of ['', '\ufeff{}', '{"a":1,}', '{a:1}', '{"a"', '"', '{"\\x":1}', ']', '}{', "{'a':1}"]) {
      expect(code(text)).toBe('not-json');
    }
  });

  it('never fails in another way, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => typeof codeOf(bytes) === 'string'));
    fc.assert(fc.property(fc.stringMatching(/^[[\]{}",:\\a1 ]{0,40}$/), (text) => typeof code(text) === 'string'));
  });
});
