import { domainToASCII } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeHostLabels, decodePunycode } from '#lib/watch/punycode.ts';

describe('Punycode', () => {
  // RFC 3492, 7.1.
  it.each([
    ['ihqwcrb4cv8a8dqg056pqjye', '他们为什么不说中文'],
    ['proprostnemluvesky-uyb24dma41a', 'pročprostěnemluvíčesky'],
    ['de-jg4avhby1noc0d', 'パフィーdeルンバ'],
    ['d9juau41awczczp', 'そのスピードで'],
    ['bcher-kva', 'bücher'],
  ])('%s is %s', (encoded, decoded) => {
    expect(decodePunycode(encoded)).toBe(decoded);
  });

  it.each([
    ['a character of neither alphabet', 'a!'],
    ['a number that is cut off', 'abc-9'],
    ['a character past the last', '99999999'],
    ['a number past any character', 'z'.repeat(59)],
    ['a surrogate', 'ib9b'],
    ['the first past the last character', 'en32g'],
  ])('that holds %s is none', (_, encoded) => {
    expect(decodePunycode(encoded)).toBeNull();
  });

  it('never throws and never makes more characters than it was given', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'abz019-é'), maxLength: 59 }), (encoded) => {
        const decoded = decodePunycode(encoded);
        if (decoded !== null) expect([...decoded].length).toBeLessThanOrEqual(encoded.length);
      }),
      { numRuns: 3000 },
    );
  });

  it('reads what Node writes', () => {
    const letter = fc.constantFrom(...'abcxyz', 'é', 'ü', 'а', 'о', 'ж', 'λ', '日', '本');
    const label = fc.string({ unit: letter, minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(label, (name) => {
        const ascii = domainToASCII(`${name}.example`);
        fc.pre(ascii !== '');
        expect(decodeHostLabels(ascii)).toBe(`${name.normalize('NFC')}.example`);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('host labels', () => {
  it('are found wherever a host stands, and nowhere else', () => {
    expect(decodeHostLabels('bot@xn--bcher-kva.example')).toBe('bot@bücher.example');
    expect(decodeHostLabels('https://www.XN--BCHER-KVA.example/xn--bcher-kva')).toBe(
      'https://www.bücher.example/bücher',
    );
    expect(decodeHostLabels('bot@fooxn--bcher-kva.example')).toBe('bot@fooxn--bcher-kva.example');
  });

  it('that stand for nothing stay as they are', () => {
    const broken = `bot@xn--${'9'.repeat(8)}.example`;
    expect(decodeHostLabels(broken)).toBe(broken);
  });
});
