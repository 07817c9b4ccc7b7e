import { describe, expect, it } from 'vitest';
import { readIdentityToken } from '#lib/signing/identity-token.ts';

const NOW = Date.parse('2026-06-01T00:00:00Z');
const good = { iss: 'https://issuer.example', sub: 'abc', aud: 'sigstore', exp: NOW / 1000 + 60 };
const jwt = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2VjcmV0`;
const read = (claims: object) => readIdentityToken(`${jwt(claims)}\n`, 'The token', NOW);

describe('an identity token', () => {
  it('proves the key with the e-mail address, else with the subject', () => {
    expect(read(good)).toMatchObject({ issuer: 'https://issuer.example', subject: 'abc' });
    expect(read({ ...good, email: 'a@models.example', email_verified: true }).subject).toBe('a@models.example');
    expect(read({ ...good, aud: ['other', 'sigstore'] }).subject).toBe('abc');
  });

  it('that cannot be used is refused with the reason, before a service sees it', () => {
    expect(() => read({ ...good, exp: NOW / 1000 })).toThrow(/has expired/);
    expect(() => read({ ...good, aud: 'other' })).toThrow(/audience sigstore/);
    expect(() => read({ ...good, sub: undefined })).toThrow(/no issuer or no subject/);
    expect(() => read({ ...good, email: 'a@b.example', email_verified: false })).toThrow(/not verified/);
  });

  it('is never repeated in a message', () => {
    for (const text of ['hunter2', 'a.b', `${jwt(good)}.hunter2`, `e30.${'hunter2'.repeat(20_000)}.x`]) {
      let message = '';
      try {
        readIdentityToken(text, 'The token', NOW);
      } catch (error) {
        message = (error as Error).message;
      }
      expect(message).toContain('The token is no identity token');
      expect(message).not.toContain('hunter2');
    }
  });
});
