import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { digestsOf, preAuthEncoding } from '#lib/sigstore/pae.ts';

describe('the pre-authentication encoding', () => {
  it('is that of the DSSE protocol', () => {
    const encoded = preAuthEncoding('http://example.com/HelloWorld', Buffer.from('hello world'));
    expect(encoded.toString()).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world');
  });

  it('counts bytes, not characters', () => {
    expect(preAuthEncoding('é', Buffer.from('模型')).toString()).toBe('DSSEv1 2 é 6 模型');
  });

  it('is hashed as any key may have it', () => {
    const bytes = Buffer.from('x');
    for (const [algorithm, digest] of Object.entries(digestsOf(bytes))) {
      expect(digest).toBe(createHash(algorithm).update(bytes).digest('hex'));
    }
  });
});
