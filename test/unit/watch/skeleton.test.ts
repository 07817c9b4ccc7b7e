import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_HASH, hashOctet, hashSkeleton, writeSkeleton } from '#lib/watch/ascii-skeleton.ts';
import { latinText, skeletonOf } from '#lib/watch/skeleton.ts';

const BOT = 'release-bot@models.example';

describe('the skeleton of a text', () => {
  it.each<[what: string, like: string]>([
    ['Cyrillic letters', 'r\u0435l\u0435\u0430s\u0435-b\u043et@m\u043ed\u0435ls.\u0435x\u0430m\u0440l\u0435'],
    ['Greek letters', 'release-b\u03bf\u03c4@models.example'],
    ['Armenian letters', 'release-b\u0585t@models.example'],
    ['Cyrillic capitals', 'release-\u0412OT@\u041codels.example'],
    ['fullwidth forms', '\uff52\uff45\uff4c\uff45\uff41\uff53\uff45\uff0dbot\uff20models\uff0eexample'],
    ['mathematical alphanumerics', '\u{1d5cb}\u{1d5be}lease-\u{1d41b}\u{1d428}\u{1d42d}@models.example'],
    ['circled letters', 'release-\u24d1\u24de\u24e3@models.example'],
    ['the digits 0 and 1', 're1ease-b0t@mode1s.examp1e'],
    ['a capital I for l', 'reIease-bot@modeIs.exampIe'],
    ['rn for m', 'release-bot@rnodels.exarnple'],
    ['another dash', 'release\u2010bot@models.example'],
    ['a minus', 'release\u2212bot@models.example'],
    ['an ideographic full stop', 'release-bot@models\u3002example'],
    ['a one dot leader', 'release-bot@models\u2024example'],
    ['accents', 'rele\u0301ase-b\u00f6t@models.\u1ec5xample'],
    ['a zero-width space', 'release-\u200bbot@models.example'],
    ['a soft hyphen', 'release-bot@mod\u00adels.example'],
    ['bidi marks', '\u202erelease-bot\u202c@models.example'],
    ['tag characters', 'release-bot@models.example\u{e0041}'],
    ['a no-break space', 'release-bot@models.example\u00a0'],
    ['a Braille blank', 'release-bot\u2800@models.example'],
    ['NULs', 'release-bot\0@models.example'],
    ['Punycode', 'release-bot@xn--mdels-jye.example'],
  ])('is the same with %s', (_, like) => {
    expect(like).not.toBe(BOT);
    expect(skeletonOf(like)).toBe(skeletonOf(BOT));
  });

  it.each([
    'release-bat@models.example',
    'release-bot@model.example',
    'release_bot@models.example',
    'bot@models.example',
  ])('is another for another name: %s', (other) => {
    expect(skeletonOf(other)).not.toBe(skeletonOf(BOT));
  });

  it('takes vv for w, and slashes of every kind for one', () => {
    expect(skeletonOf('https://vvorks.example\u2215x\u2044y')).toBe(skeletonOf('https://works.example/x/y'));
  });

  it('leaves what looks like no ASCII as it is', () => {
    expect(latinText('\u65e5\u672c@x.example')).toBe('\u65e5\u672c@x.example');
  });

  it('never makes a wildcard of a character that looks like one', () => {
    expect(skeletonOf('\uff0a\uff1f*?')).not.toMatch(/[*?]/);
  });

  const text = fc.string({
    unit: fc.constantFrom(...'rnmvwlI1O0-./@*?', 'é', '\u0430', '\u200b', '\u0301', '日', 'ſ', 'K'),
    maxLength: 20,
  });

  it('is made of the skeletons of its parts', () => {
    fc.assert(
      fc.property(text, text, (one, two) => {
        expect(skeletonOf(one + two)).toBe(skeletonOf(one) + skeletonOf(two));
      }),
      { numRuns: 2000 },
    );
  });

  it('is the same in upper and lower case', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (value) => {
        expect(skeletonOf(value.toUpperCase())).toBe(skeletonOf(value.toLowerCase()));
      }),
    );
  });

  it('takes time that grows with the text, even where marks stand in the worst order', () => {
    const started = performance.now();
    skeletonOf(`a${'\u0315\u0300'.repeat(60_000)}`);
    skeletonOf('\ufdfa'.repeat(40_000));
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('the skeleton of visible ASCII', () => {
  const visible = fc.string({
    unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
    maxLength: 60,
  });

  it('is the same octet by octet, and so is its hash', () => {
    fc.assert(
      fc.property(visible, (text) => {
        const bytes = Buffer.from(text);
        const target = new Uint8Array(2 * bytes.length);
        const length = writeSkeleton(bytes, 0, bytes.length, target);
        const skeleton = skeletonOf(text);
        fc.pre(!/xn--/i.test(text));
        expect(Buffer.from(target.subarray(0, length)).toString('latin1')).toBe(skeleton);
        expect(bytes.reduce(hashOctet, EMPTY_HASH)).toBe(hashSkeleton(skeleton));
      }),
      { numRuns: 2000 },
    );
  });

  it('is no skeleton of anything that keeps other letters', () => {
    expect(hashSkeleton(skeletonOf('日本@x.example'))).toBeNull();
  });
});
