import { describe, expect, it } from 'vitest';
import { chainSentence, type PastVerdict } from '#lib/provenance/chain-sentence.ts';
import { plainText } from '#lib/provenance/sentence.ts';

const T = Date.UTC(2026, 2, 12, 9, 14, 3);
const DAY = 86_400_000;

function verdict(days: number, weakest: PastVerdict['weakest'], reason: string): PastVerdict {
  return { at: T + days * DAY, signature: 'verified', weakest, reason };
}

describe('the sentence about a chain', () => {
  it('says since when it is broken, and why', () => {
    const verdicts = [
      verdict(0, 'parent-unsigned', 'index, a component, is signed by nobody.'),
      verdict(-9, 'verified', 'Whole.'),
    ];
    expect(plainText(chainSentence('parent-unsigned', verdicts, null))).toBe(
      'Broken since 12 Mar 2026 09:14:03 UTC: index, a component, is signed by nobody.',
    );
  });

  it('counts one break after another as one, but not what stood before it was mended', () => {
    const verdicts = [
      verdict(5, 'conflict', 'Two digests.'),
      verdict(3, 'parent-unsigned', 'Unsigned.'),
      verdict(2, 'verified', 'Mended.'),
      verdict(0, 'conflict', 'Long ago.'),
    ];
    expect(plainText(chainSentence('conflict', verdicts, 'Two digests.'))).toBe(
      'Broken since 15 Mar 2026 09:14:03 UTC: Two digests.',
    );
  });

  it('prefers the reason of the weakest link to that of an older verdict', () => {
    expect(plainText(chainSentence('declared', [verdict(0, 'declared', 'Older.')], 'Newer.'))).toContain('Newer.');
  });

  it('says of a whole chain that it is whole, and of none that there is none', () => {
    expect(plainText(chainSentence('verified', [verdict(0, 'verified', 'x')], null))).toBe(
      'Whole since 12 Mar 2026 09:14:03 UTC: every link upstream is verified.',
    );
    expect(plainText(chainSentence(null, [], null))).toContain('there is no chain to judge');
    expect(plainText(chainSentence('parent-unknown', [], null))).toContain('Not known to be whole');
  });
});
