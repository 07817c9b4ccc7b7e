import { describe, expect, it } from 'vitest';
import { findBlindSpots } from '#lib/services/health/blind-spots.ts';
import { parseTrustedRoot } from '#lib/sigstore/trusted-root.ts';
import { MintedSigstore } from '#test/unit/sigstore/mint-bundle.ts';

const NOW = Date.parse('2026-05-01T00:00:00Z');
const root = parseTrustedRoot(JSON.stringify(new MintedSigstore().trustedRoot));
const known = root.logs.map(({ baseUrl }) => baseUrl);

const config = (...logs: readonly object[]) => ({
  name: 'signing_config.v0.2.json',
  bytes: Buffer.from(
    JSON.stringify({ mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json', rekorTlogUrls: logs }),
  ),
});
const log = (url: string, start = '2025-01-01T00:00:00Z', end?: string) => ({
  url,
  majorApiVersion: 2,
  validFor: { start, ...(end && { end }) },
});
const subjects = (...input: Parameters<typeof findBlindSpots>) =>
  findBlindSpots(...input).map(({ subject }) => subject);

describe('blind spots', () => {
  it('are no logs of the trust root, nor those that the configuration names, also for writing', () => {
    const logs = [...known, 'https://write.example/a/', 'https://read.example'].map((url) =>
      log(url.replace('http:', 'https:')),
    );
    expect(known.length).toBeGreaterThan(0);
    const listed = [{ url: 'http://read.example/', writeUrls: ['https://write.example/a'] }];
    expect(subjects([config(...logs)], root, listed, NOW)).toEqual([]);
  });

  it('are logs that signers use today, each told once', () => {
    const configs = [
      config(log('https://a.example'), log('https://b.example', '2027-01-01T00:00:00Z')),
      config(log('https://a.example'), log('https://c.example', '2025-01-01T00:00:00Z', '2026-01-01T00:00:00Z')),
    ];
    expect(subjects(configs, root, [], NOW)).toEqual(['https://a.example']);
  });

  it('are also signing configurations that nobody can read', () => {
    const bad = { name: 'signing_config.v0.2.json', bytes: Buffer.from('{"mediaType":"x"}') };
    expect(findBlindSpots([bad], root, [], NOW)[0]?.what).toMatch(/signing_config\.v0\.2\.json .* cannot be read/);
  });
});
