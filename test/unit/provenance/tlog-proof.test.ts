import { describe, expect, it } from 'vitest';
import { formatTlogProof, splitHashes } from '#lib/provenance/tlog-proof.ts';

const NOTE = 'log.example\n8\nAAAA\n\n— log.example c2ln\n';

describe('an inclusion proof as C2SP tlog-proof text', () => {
  it('has the index, one hash a line from the leaf up, and the checkpoint verbatim', () => {
    const hashes = new Uint8Array(64).fill(1, 0, 32).fill(2, 32);
    const line = (byte: number) => Buffer.alloc(32, byte).toString('base64');
    expect(formatTlogProof(7, hashes, NOTE)).toBe(`c2sp.org/tlog-proof@v1\nindex 7\n${line(1)}\n${line(2)}\n\n${NOTE}`);
  });

  it('of the only entry of a log has no hashes', () => {
    expect(formatTlogProof(0, new Uint8Array(), NOTE)).toBe(`c2sp.org/tlog-proof@v1\nindex 0\n\n${NOTE}`);
  });

  it('is not made of a broken list of hashes', () => {
    expect(() => splitHashes(new Uint8Array(33))).toThrow(RangeError);
  });
});
