import { describe, expect, it } from 'vitest';
import { describeEnd, witnessState } from '#lib/provenance/log-words.ts';

const one = [{ name: 'w1' }];

describe('who besides the log signed a head', () => {
  it('is said to be nobody where no policy checked the cosignatures, however many there are', () => {
    const unchecked = witnessState({ cosignatures: 9, cosigners: [], quorum: null });
    expect(unchecked).toMatchObject({ tone: 'unknown', word: 'Log only' });
    expect(unchecked.meaning).toContain('9 cosignatures that nobody checked');
    expect(witnessState({ cosignatures: 0, cosigners: [], quorum: null }).word).toBe('Log only');
  });

  it('is proven by a quorum alone', () => {
    expect(witnessState({ cosignatures: 0, cosigners: [], quorum: false })).toMatchObject({ word: 'Log only' });
    expect(witnessState({ cosignatures: 1, cosigners: one, quorum: false })).toMatchObject({ tone: 'claimed' });
    expect(witnessState({ cosignatures: 1, cosigners: one, quorum: true })).toMatchObject({ tone: 'proven' });
  });
});

describe('the end of a log', () => {
  it('is said, with that it is polled still', () => {
    expect(describeEnd({ finalSize: null })).toBeNull();
    expect(describeEnd({ finalSize: 0 })).toContain('ends with 0 entries. It is still polled');
  });
});
