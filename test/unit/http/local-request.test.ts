import { describe, expect, it } from 'vitest';
import { refusalOfRemote } from '#lib/http/local-request.ts';

const HERE = { host: '127.0.0.1', port: '3000' };

const refused = (headers: Record<string, string>, listening: { host: string | null; port: string | null } = HERE) =>
  refusalOfRemote(new Headers(headers), listening) !== null;

describe('what only people at this machine may do', () => {
  it('is open to a browser that addresses the server by loopback', () => {
    for (const host of ['127.0.0.1:3000', 'localhost:3000', '[::1]:3000', '127.8.0.1:3000']) {
      expect(refused({ Host: host }), host).toBe(false);
    }
    // As Next.js fills them in for a request that came straight from a browser.
    const filled = {
      'X-Forwarded-For': '::ffff:127.0.0.1',
      'X-Forwarded-Host': 'localhost:3000',
      'X-Forwarded-Proto': 'http',
    };
    expect(refused({ Host: 'localhost:3000', ...filled })).toBe(false);
  });

  it('is closed where the server listens elsewhere, or nobody said where', () => {
    for (const host of ['0.0.0.0', '::', '192.0.2.7', 'localhost.models.example', '', null]) {
      expect(refused({ Host: '127.0.0.1:3000' }, { host, port: '3000' }), String(host)).toBe(true);
    }
  });

  it('is closed to names that somebody points at loopback, and to other ports', () => {
    const others = [
      'rebound.example:3000',
      'localhost.rebound.example:3000',
      '127.0.0.1.rebound.example:3000',
      '127.0.0.1:3001',
      '127.0.0.1',
      '127.0.0.1:3000, x',
      'user@127.0.0.1:3000',
      '0x7f000001:3000',
      '',
    ];
    for (const host of others) expect(refused({ Host: host }), host).toBe(true);
    expect(refused({})).toBe(true);
  });

  it('is closed to whoever comes through a proxy, whatever it says of the host', () => {
    const proxied = [
      { 'X-Forwarded-For': '192.0.2.7' },
      { 'X-Forwarded-For': '127.0.0.1, 192.0.2.7' },
      { 'X-Forwarded-Host': 'modeltrail.models.example' },
      { 'X-Forwarded-Proto': 'https' },
      { 'X-Real-IP': '127.0.0.1' },
      { Forwarded: 'for=192.0.2.7' },
      { Via: '1.1 proxy' },
    ];
    for (const headers of proxied) {
      expect(refused({ Host: '127.0.0.1:3000', ...headers } as Record<string, string>), JSON.stringify(headers)).toBe(
        true,
      );
    }
  });
});
