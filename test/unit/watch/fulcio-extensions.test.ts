import { describe, expect, it } from 'vitest';
import { Tag } from '#lib/watch/der.ts';
import {
  EXTENSION_NAMES,
  extensionLabel,
  extensionName,
  extensionNumber,
  extensionValueStart,
  FULCIO_ARC,
  readExtensionNumber,
} from '#lib/watch/fulcio-extensions.ts';
import { element, oid } from './der-builder.ts';

const numbers = Array.from({ length: 24 }, (_, index) => index + 1);
const read = (dotted: string) => {
  const encoded = oid(dotted);
  return readExtensionNumber(encoded, 2, encoded.length);
};

describe('the table of Fulcio extensions', () => {
  it('names 1 to 24, each once', () => {
    expect(EXTENSION_NAMES).toHaveLength(24);
    expect(new Set(EXTENSION_NAMES).size).toBe(24);
    expect(numbers.map(extensionName)).toEqual(EXTENSION_NAMES);
    expect(extensionName(25)).toBeNull();
  });

  it.each(numbers)('finds extension %i by its name, its OID, and its encoded OID', (number) => {
    expect(extensionNumber(extensionLabel(number))).toBe(number);
    expect(extensionNumber(`${FULCIO_ARC}.${number}`)).toBe(number);
    expect(read(`${FULCIO_ARC}.${number}`)).toBe(number);
  });

  it('knows numbers that have no name yet', () => {
    expect(extensionNumber(`${FULCIO_ARC}.99`)).toBe(99);
    expect(extensionLabel(99)).toBe(`${FULCIO_ARC}.99`);
    expect(read(`${FULCIO_ARC}.99`)).toBe(99);
  });

  it.each([
    '',
    'isuer',
    'ISSUER',
    '1.3.6.1.4.1.57264.1',
    '1.3.6.1.4.1.57264.1.0',
    '1.3.6.1.4.1.57264.1.128',
    '2.5.29.17',
  ])('does not take %j for an extension', (text) => {
    expect(extensionNumber(text)).toBe(0);
  });

  it.each([
    '2.5.29.17',
    '1.3.6.1.4.1.57264.2.1',
    '1.3.6.1.4.1.57264.1.1.1',
    '1.3.6.1.4.1.57264.1.200',
    '1.3.6.1.4.1.11129.2.4.2',
  ])('does not take the OID %s for one', (dotted) => {
    expect(read(dotted)).toBe(0);
  });
});

describe('the value of an extension', () => {
  const start = (number: number, value: Uint8Array) => extensionValueStart(value, number, 0, value.length);

  it('is bare up to 6, and within a UTF8String from 8 up, short or long', () => {
    expect(start(1, Buffer.from('https://issuer.example'))).toBe(0);
    expect(start(8, element(Tag.utf8String, 'https://issuer.example'))).toBe(2);
    expect(start(9, element(Tag.utf8String, 'x'.repeat(200)))).toBe(3);
    expect(start(9, element(Tag.utf8String))).toBe(2);
  });

  it('is not taken from another type, from two elements, or from broken DER', () => {
    const text = element(Tag.utf8String, 'a');
    expect(start(8, Buffer.from('https://issuer.example'))).toBe(-1);
    expect(start(8, element(Tag.ia5String, 'a'))).toBe(-1);
    expect(start(8, Buffer.concat([text, text]))).toBe(-1);
    expect(start(8, text.subarray(0, 2))).toBe(-1);
    expect(start(8, new Uint8Array())).toBe(-1);
  });
});
