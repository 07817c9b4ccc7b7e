import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elideMiddle, showText } from '#lib/provenance/untrusted-text.ts';
import { escapeText } from '#lib/watch/display.ts';

describe('text of a stranger', () => {
  it('cannot hide, reorder or blank out anything', () => {
    expect(showText('bot@models.example\u202emoc.evil')).toBe('bot@models.example\\u{202e}moc.evil');
    expect(showText('a\u0000b\u200bc\u00a0d\ue000')).toBe('a\\u{0}b\\u{200b}c\\u{a0}d\\u{e000}');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(showText(text)).not.toMatch(/[\p{C}\p{Default_Ignorable_Code_Point}]|(?! )\p{Z}/u);
      }),
    );
  });

  it('that was escaped when it was read stays as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const stored = escapeText(text);
        expect(showText(stored)).toBe(stored);
      }),
    );
  });

  it('keeps both ends when it is too long', () => {
    expect(elideMiddle('abcdefghij', 5)).toBe('ab…ij');
    expect(elideMiddle('abc', 5)).toBe('abc');
  });

  it('is never cut within a character, and never longer than asked for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 3, max: 80 }), (text, limit) => {
        const elided = elideMiddle(text, limit);
        expect([...elided].length).toBeLessThanOrEqual(Math.max(limit, 0));
        if (text.isWellFormed()) expect(elided.isWellFormed()).toBe(true);
      }),
    );
  });
});
