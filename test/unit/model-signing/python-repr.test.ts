import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pythonRepr } from '#lib/model-signing/python-repr.ts';

const repr = (bytes: Uint8Array) => Buffer.from(pythonRepr(bytes)).toString('latin1');
const reprOf = (text: string) => repr(Buffer.from(text, 'latin1'));

/** Reads a bytes literal of Python, by the rules of its lexer alone. */
function readLiteral(literal: string): Uint8Array {
  const quote = literal[1] ?? '';
  const inner = literal.slice(2, -1);
  expect(literal).toBe(`b${quote}${inner}${quote}`);
  const bytes: number[] = [];
  for (let at = 0; at < inner.length; at++) {
    const character = inner.charAt(at);
    expect(character).not.toBe(quote);
    if (character !== '\\') {
      bytes.push(character.charCodeAt(0));
    } else if (inner.charAt(++at) === 'x') {
      bytes.push(Number.parseInt(inner.slice(at + 1, at + 3), 16));
      at += 2;
    } else {
      const named: Readonly<Record<string, number>> = { t: 9, n: 10, r: 13 };
      bytes.push(named[inner.charAt(at)] ?? inner.charCodeAt(at));
    }
  }
  return Uint8Array.from(bytes);
}

describe("Python's repr of bytes", () => {
  it('is what Python 3 prints', () => {
    expect(reprOf('')).toBe("b''");
    expect(reprOf('{"a": 1}\n')).toBe(`b'{"a": 1}\\n'`);
    expect(reprOf("it's")).toBe(`b"it's"`);
    expect(reprOf(`it's "so"`)).toBe(`b'it\\'s "so"'`);
    expect(reprOf('back\\slash\ttab\rreturn')).toBe("b'back\\\\slash\\ttab\\rreturn'");
    expect(reprOf('\0\x1f\x7f\x80\xff~ ')).toBe("b'\\x00\\x1f\\x7f\\x80\\xff~ '");
  });

  it('is printable ASCII that reads back as the same bytes, whatever they are', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.array(fc.constantFrom(0x22, 0x27, 0x5c, 0x0a, 0x61), { maxLength: 20 }).map((list) => Uint8Array.from(list)),
    );
    fc.assert(
      fc.property(bytes, (input) => {
        const literal = repr(input);
        expect(literal).toMatch(/^[ -~]*$/);
        expect(readLiteral(literal)).toEqual(input);
      }),
    );
  });
});
