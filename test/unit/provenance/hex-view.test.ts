import { describe, expect, it } from 'vitest';
import { hexView } from '#lib/provenance/hex-view.ts';

describe('the hexadecimal view', () => {
  it('shows offset, bytes and printable ASCII, and nothing that a terminal or page would act on', () => {
    const bytes = Uint8Array.from([0, 255, 27, 60, 115, 62, ...new Uint8Array(11).fill(65)]);
    expect(hexView(bytes, 100)).toBe(
      '00000000  00 ff 1b 3c 73 3e 41 41 41 41 41 41 41 41 41 41  ...<s>AAAAAAAAAA\n' +
        '00000010  41                                               A',
    );
  });

  it('stops at its limit, within a row too', () => {
    expect(hexView(new Uint8Array(100), 20).split('\n')[1]).toBe(
      '00000010  00 00 00 00                                      ....',
    );
    expect(hexView(new Uint8Array(), 20)).toBe('');
  });
});
