import { describe, expect, it } from 'vitest';
import { isSentBy, ownOrigin } from '#lib/http/same-origin.ts';

const HERE = { host: '127.0.0.1', port: '3000' };
const PUBLIC = 'https://modeltrail.models.example';
const sent = (headers: Record<string, string>, origin: string | null = PUBLIC) =>
  isSentBy(new Headers(headers), origin);

describe('the origin of our pages', () => {
  it('is the configured one, whatever a request says of its host', () => {
    const forged = { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example', Forwarded: 'host=evil.example' };
    expect(ownOrigin(new Headers(forged), HERE, PUBLIC)).toBe(PUBLIC);
  });

  it('is without one a loopback address of this server, and nothing else', () => {
    const of = (host: string) => ownOrigin(new Headers({ Host: host }), HERE, undefined);
    expect([of('localhost:3000'), of('127.0.0.1:3000')]).toEqual(['http://localhost:3000', 'http://127.0.0.1:3000']);
    for (const host of ['evil.example', 'localhost:3001', 'localhost.evil.example:3000', '192.0.2.7:3000', '']) {
      expect(of(host), host).toBeNull();
    }
  });
});

describe('a form', () => {
  it('of our own is taken, also from browsers that say only one of the two', () => {
    expect(sent({ Origin: PUBLIC, 'Sec-Fetch-Site': 'same-origin' })).toBe(true);
    expect(sent({ Origin: PUBLIC })).toBe(true);
    expect(sent({ 'Sec-Fetch-Site': 'same-origin' })).toBe(true);
  });

  it('of anybody else is refused, and so is what does not say', () => {
    for (const site of ['cross-site', 'same-site', 'none']) {
      expect(sent({ Origin: PUBLIC, 'Sec-Fetch-Site': site }), site).toBe(false);
    }
    const others = [
      'null',
      'https://evil.example',
      'http://modeltrail.models.example',
      'https://modeltrail.models.example:8443',
      'https://modeltrail.models.example.evil.example',
      `${PUBLIC}/`,
      '',
    ];
    for (const origin of others) {
      expect(sent({ Origin: origin, 'Sec-Fetch-Site': 'same-origin' }), origin).toBe(false);
      expect(sent({ Origin: origin, Host: 'evil.example' }), origin).toBe(false);
    }
    expect(sent({})).toBe(false);
    expect(sent({ Origin: PUBLIC }, null)).toBe(false);
  });
});
