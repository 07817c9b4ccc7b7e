import { describe, expect, it } from 'vitest';
import { nearest } from '#lib/config/nearest.ts';

const KEYS = ['identity', 'issuer', 'extensions', 'name'];

describe('nearest', () => {
  it.each([
    ['isuer', 'issuer'],
    ['Issuer', 'issuer'],
    ['indentity', 'identity'],
    ['extension', 'extensions'],
    ['nmae', 'name'],
  ])('takes %s for %s', (word, meant) => {
    expect(nearest(word, KEYS)).toBe(meant);
  });

  it.each(['', 'colour', 'watch-everything', 'x'.repeat(100_000)])('has no suggestion where none is close', (word) => {
    expect(nearest(word, KEYS)).toBeNull();
  });
});
