import { describe, expect, it } from 'vitest';
import { ConfigError } from '#lib/config/error.ts';
import { parseConfig } from '#lib/config/load.ts';

const HEAD = 'organisation: { name: x, contact: a@models.example }\n';
const load = (yaml: string) => parseConfig(Buffer.from(HEAD + yaml), '/etc/m.yaml').config;

function refusal(yaml: string): string {
  try {
    load(yaml);
    return 'good';
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

const canary = (rest: string) => `health: { canary: { ${rest} } }`;

describe('health, expected and freshness in the configuration', () => {
  it('are off, or as usual, where nothing is said', () => {
    const { health, expected, logs } = load('');
    expect([health, expected, logs.freshness, logs.monitorConfig]).toEqual([
      { metrics: 'token' },
      { alert: 'unclaimed' },
      900_000,
      undefined,
    ]);
  });

  it('are read with durations in milliseconds and absolute paths', () => {
    const { health, expected, logs } = load(`
logs: { freshness: 1h, monitor-config: m.json, list: [{ origin: log.example, freshness: 30s, write-urls: ['https://w.example'] }] }
expected: { file: e.yaml, alert: unexpected }
health:
  ping: { url: 'https://ping.example/s3cret?a=b', fail-url: 'http://127.0.0.1:9/fail' }
  canary: { within: 5m, identity-token: { file: token }, signing-config: s.json }
`);
    expect(logs).toMatchObject({
      freshness: 3_600_000,
      monitorConfig: '/etc/m.json',
      list: [{ freshness: 30_000, writeUrls: ['https://w.example'] }],
    });
    expect(expected).toEqual({ file: '/etc/e.yaml', alert: 'unexpected' });
    expect(health.ping).toEqual({
      url: 'https://ping.example/s3cret?a=b',
      every: 300_000,
      failUrl: 'http://127.0.0.1:9/fail',
    });
    expect(health.canary).toEqual({
      every: 86_400_000,
      within: 300_000,
      token: { file: '/etc/token' },
      signingConfig: '/etc/s.json',
    });
  });

  it.each([
    ['logs: { freshness: 1s }', /logs\.freshness: is out of bounds.*between 10s and 168h/],
    ['logs: { list: [{ origin: a, freshness: soon }] }', /logs\.list\[0\]\.freshness: is not a duration/],
    ["health: { ping: { url: 'http://ping.example' } }", /health\.ping\.url: is no https address/],
    ["health: { ping: { url: 'https://a:b@ping.example' } }", /has a login or a fragment/],
    ["health: { ping: { url: 'https://ping.example', every: 1s } }", /health\.ping\.every: is out of bounds/],
    ['health: { ping: {} }', /health\.ping\.url: is missing/],
    ['health: { pong: {} }', /health\.pong: is not a key.*ping/],
    [canary('every: 1h'), /identity-token: is missing/],
    [canary('identity-token: {}'), /has none of file, env, command/],
    [canary('identity-token: { env: A, file: b }'), /has more than one of file, env, command/],
    [canary('identity-token: { env: "A B" }'), /is no name of an environment variable/],
    [canary('identity-token: { command: "get token" }'), /command: must be a list/],
    [canary('identity-token: { command: [] }'), /command: must have at least 1 items/],
    [`trust: { file: t.json }\n${canary('identity-token: { env: A }')}`, /does not say which services sign/],
    ['expected: { alert: never }', /expected\.alert: must be unclaimed or unexpected/],
  ])('are refused: %s', (yaml, message) => {
    expect(refusal(yaml)).toMatch(message);
  });

  it('never repeat an address of a ping where it is refused', () => {
    expect(refusal("health: { ping: { url: 'http://ping.example/s3cret' } }")).not.toContain('s3cret');
  });
});
