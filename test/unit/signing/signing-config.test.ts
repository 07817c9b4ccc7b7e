import { describe, expect, it } from 'vitest';
import { readSigningConfig } from '#lib/signing/signing-config.ts';

const now = Date.parse('2026-06-01T00:00:00Z');
const validFor = { start: '2026-01-01T00:00:00Z' };
const service = (url: string, majorApiVersion = 1, more: object = {}) => ({
  url,
  majorApiVersion,
  operator: url,
  validFor,
  ...more,
});
const config = {
  mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json',
  caUrls: [service('https://fulcio.example')],
  oidcUrls: [service('https://issuer.example/auth')],
  rekorTlogUrls: [
    service('https://v1.example', 1, { operator: 'one' }),
    service('https://v2.example', 2, { operator: 'one' }),
    service('https://v3.example', 3, { operator: 'one' }),
    service('https://other.example', 2, { operator: 'two' }),
  ],
  rekorTlogConfig: { selector: 'ANY' },
  tsaUrls: [
    service('https://old.example', 1, { validFor: { ...validFor, end: '2026-02-01T00:00:00Z' } }),
    service('https://tsa.example/api/v1/timestamp'),
  ],
  tsaConfig: { selector: 'ANY' },
};
const readText = (text: string) => readSigningConfig(Buffer.from(text), now);
const read = (change: object = {}) => readText(JSON.stringify({ ...config, ...change }));

describe('a signing configuration', () => {
  it('gives the newest known API of a service that is valid now', () => {
    expect(read()).toEqual({
      fulcio: 'https://fulcio.example',
      logs: [{ url: 'https://v2.example', api: 2 }],
      timestampAuthorities: ['https://tsa.example/api/v1/timestamp'],
      issuer: 'https://issuer.example/auth',
    });
  });

  it('gives one service of each operator, as many as asked for', () => {
    const urls = (selection: object) => read({ rekorTlogConfig: selection }).logs.map(({ url }) => url);
    expect(urls({ selector: 'ALL' })).toEqual(['https://v2.example', 'https://other.example']);
    expect(urls({ selector: 'EXACT', count: 2 })).toHaveLength(2);
    expect(() => urls({ selector: 'EXACT', count: 3 })).toThrow(/asks for 3/);
    expect(() => urls({ selector: 'EXACT', count: -1 })).toThrow(/no count/);
  });

  it('of another format, or that has a key twice, is refused', () => {
    expect(() => read({ mediaType: 'application/json' })).toThrow(/mediaType/);
    expect(() => readText('{"caUrls":[],"caUrls":[]}')).toThrow(/twice/);
    expect(() => readText('no')).toThrow(/not JSON/);
  });

  it('names no service to which a token would go without protection', () => {
    for (const url of [
      'http://fulcio.example',
      'https://user:pw@fulcio.example',
      'file:///etc',
      'https://f.example/?x',
    ]) {
      expect(() => read({ caUrls: [service(url)] })).toThrow(/caUrls\[0\]\.url is no https address/);
    }
    expect(read({ caUrls: [service('http://127.0.0.1:1/')] }).fulcio).toBe('http://127.0.0.1:1');
  });
});
