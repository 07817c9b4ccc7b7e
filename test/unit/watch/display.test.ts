import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8, escapeAscii, escapeText, escapeUtf8 } from '#lib/watch/display.ts';

describe('text as shown', () => {
  it.each([
    ['NUL', 'a\0b', 'a\\u{0}b'],
    ['a line break', 'a\nb', 'a\\u{a}b'],
    ['the override that turns text around', 'a\u202eb', 'a\\u{202e}b'],
    ['a zero-width space', 'a\u200bb', 'a\\u{200b}b'],
    ['a soft hyphen', 'a\u00adb', 'a\\u{ad}b'],
    ['a Hangul filler', 'a\u3164b', 'a\\u{3164}b'],
    ['a variation selector', 'a\ufe0fb', 'a\\u{fe0f}b'],
    ['a tag character', 'a\u{e0041}b', 'a\\u{e0041}b'],
    ['a no-break space', 'a\u00a0b', 'a\\u{a0}b'],
    ['a byte order mark', '\ufeffa', '\\u{feff}a'],
    ['spaces at either end', ' a b ', '\\u{20}a b\\u{20}'],
    ['a backslash, so that no escape is forged', '\\u{0}', '\\u{5c}u{0}'],
  ])('writes out %s', (_, text, shown) => {
    expect(escapeText(text)).toBe(shown);
  });

  it('leaves what is visible as it is', () => {
    const text = 'https://github.com/acme/models/.github/workflows/release.yml@refs/tags/v1.2.0';
    expect(escapeText(text)).toBe(text);
    expect(escapeText('señor 模型 é')).toBe('señor 模型 é');
  });

  it('never shows two values alike', () => {
    const part = fc.constantFrom('a', '\\', 'u', 'x', '{', '}', '0', 'e1', '\0', '\u200b', ' ', 'á', '\u202e');
    const value = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(escapeText(a) === escapeText(b)).toBe(a === b);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('bytes as shown', () => {
  it('keeps the high bit: 0xE1 is not "a"', () => {
    expect(escapeAscii(Uint8Array.of(0x62, 0xe1, 0x63))).toBe('b\\xe1c');
    expect(escapeUtf8(Uint8Array.of(0x62, 0xe1, 0x63))).toBe('b\\xe1c');
  });

  it('shows UTF-8 as text where text is allowed, as bytes where only ASCII is', () => {
    const bytes = new TextEncoder().encode('аlice');
    expect(escapeUtf8(bytes)).toBe('аlice');
    expect(escapeAscii(bytes)).toBe('\\xd0\\xb0lice');
  });

  it('takes overlong and surrogate encodings for no UTF-8', () => {
    expect(decodeUtf8(Uint8Array.of(0xc1, 0xa1))).toBeNull();
    expect(decodeUtf8(Uint8Array.of(0xed, 0xa0, 0x80))).toBeNull();
  });
});
