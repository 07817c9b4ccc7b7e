import { describe, expect, it } from 'vitest';
import { formatCookie, readCookie } from '#lib/http/session-cookie.ts';

const secure = { name: 'modeltrail', value: 'secret', maxAge: 60, isSecure: true };

describe('a cookie of ours', () => {
  it('is bound to this host, to https and to no script', () => {
    expect(formatCookie(secure)).toBe('__Host-modeltrail=secret; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure');
  });

  it('has a plain name on loopback, where there is no https', () => {
    expect(formatCookie({ ...secure, isSecure: false })).toBe(
      'modeltrail=secret; Path=/; Max-Age=60; HttpOnly; SameSite=Lax',
    );
  });

  it('is read by its whole name, and not at all where there are two', () => {
    const read = (cookie: string, isSecure = true) =>
      readCookie(new Headers({ Cookie: cookie }), 'modeltrail', isSecure);
    expect(read('a=b; __Host-modeltrail=secret; c=d')).toBe('secret');
    expect(read('modeltrail=planted')).toBeNull();
    expect(read('__Host-modeltrail=secret', false)).toBeNull();
    expect(read('x__Host-modeltrail=planted')).toBeNull();
    expect(read('__Host-modeltrail=secret; __Host-modeltrail=planted')).toBeNull();
    expect(readCookie(new Headers(), 'modeltrail', true)).toBeNull();
  });
});
