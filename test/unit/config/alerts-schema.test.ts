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

const channel = (rest: string) => refusal(`alerts: { channels: [{ name: c, ${rest} }] }`);
const hook = 'kind: hook, command: /bin/true';
const route = (rest: string) =>
  refusal(`alerts: { channels: [{ name: c, ${hook} }], routes: [{ name: r, channels: [c], ${rest} }] }`);
const webhook = (rest: string) => channel(`kind: webhook, ${rest}`);

describe('alerts in the configuration', () => {
  it('are told to nobody where nothing is said', () => {
    expect(load('').alerts).toEqual({
      channels: [],
      routes: [],
      severities: {},
      keep: 8760 * 3_600_000,
      grace: { unclaimed: 900_000, unexpected: 60_000, health: 300_000 },
    });
  });

  it('are read with durations in milliseconds, and files by their absolute paths', () => {
    const { alerts } = load(`
alerts:
  address: https://modeltrail.models.example
  channels:
    - { name: mail, kind: email, from: a@models.example, to: [b@models.example], host: smtp.example, user: u, password: { file: secret }, ca-file: ca.pem }
    - { name: chat, kind: slack, address: { file: slack } }
    - { name: own, kind: webhook, url: 'https://hooks.example/x?y=1', secrets: [{ env: MODELTRAIL_OLD }, { file: new }], allow-private: true }
    - { name: run, kind: hook, command: /opt/hook, timeout: 1m }
  routes:
    - { name: grave, severity: high, rules: ['Release *'], channels: [mail, own], repeat: 24h, resolved: true }
    - { name: rest, kinds: [impersonation], channels: [chat], digest: daily }
  severities: { impersonation: low }
  grace: { health: 1m }
`);
    expect(alerts).toMatchObject({
      channels: [
        {
          port: 587,
          security: 'starttls',
          password: { file: '/etc/secret' },
          caFile: '/etc/ca.pem',
          allowPrivate: false,
        },
        { kind: 'slack', address: { file: '/etc/slack' }, allowHttp: false },
        { secrets: [{ env: 'MODELTRAIL_OLD' }, { file: '/etc/new' }], allowPrivate: true },
        { command: '/opt/hook', timeout: 60_000 },
      ],
      routes: [
        { kinds: [], severity: 'high', repeat: 86_400_000, resolved: true, digest: 'immediately' },
        { kinds: ['impersonation'], severity: 'low', repeat: null, digest: 'daily', resolved: false },
      ],
      severities: { impersonation: 'low' },
      grace: { unclaimed: 900_000, health: 60_000 },
    });
  });

  it.each([
    ['kind: pigeon', 'must be one of email, slack, teams, mattermost, webhook, hook'],
    ['kind: hok, command: /bin/true', 'Write hook'],
    ['command: /bin/true', 'is missing'],
    ['kind: hook, command: hook.sh', 'is not an absolute path'],
    ['kind: hook, command: /bin/true, args: [a]', 'is not a key that is known here'],
    ['kind: slack, address: https://hooks.slack.com/services/x', 'must be a map of keys'],
    ['kind: slack, address: {}', 'has none of file, env'],
    ['kind: slack, address: { env: AWS_SECRET_ACCESS_KEY }', 'begins with MODELTRAIL_'],
    ['kind: slack, address: { env: MODELTRAIL_A, file: b }', 'more than one'],
    ['kind: email, from: a@b.example, to: [], host: h', 'at least 1 items'],
    [
      'kind: email, from: "a@b.example\\r\\nBcc: c@d.example", to: [a@b.example], host: h',
      'not a plain e-mail address',
    ],
    ['kind: email, from: "x <a@b.example>", to: [a@b.example], host: h', 'not a plain e-mail address'],
    ['kind: email, from: a@b.example, to: ["a@b.example,c@d.example"], host: h', 'not a plain e-mail address'],
    ['kind: email, from: a@b.example, to: [a@b.example], host: "h/../x"', 'neither a host name nor an address'],
    ['kind: email, from: a@b.example, to: [a@b.example], host: h, user: u', 'one of user and password'],
    [
      'kind: email, from: a@b.example, to: [a@b.example], host: h, user: u, password: { env: MODELTRAIL_P }, security: none',
      'readable for all',
    ],
  ])('refuse a channel with %s', (rest, message) => {
    expect(channel(rest)).toContain(message);
  });

  it.each([
    ['url: http://hooks.example/, secrets: [{ env: MODELTRAIL_S }]', 'plain http'],
    ['url: "https://u:p@hooks.example/", secrets: [{ env: MODELTRAIL_S }]', 'has a login'],
    ['url: "file:///etc/passwd", secrets: [{ env: MODELTRAIL_S }]', 'not an https address'],
    ['url: https://hooks.example/, secrets: []', 'at least 1'],
    ['url: https://hooks.example/', 'secrets'],
    [
      'url: https://hooks.example/, secrets: [{ env: MODELTRAIL_A }, { env: MODELTRAIL_B }, { env: MODELTRAIL_C }]',
      'at most 2',
    ],
  ])('refuse a webhook with %s', (rest, message) => {
    expect(webhook(rest)).toContain(message);
  });

  it('refuse names of channels that could be mistaken for something else, and doubled ones', () => {
    for (const name of ['""', '"a b"', '"../x"', '"#"', '"ä"'])
      expect(refusal(`alerts: { channels: [{ name: ${name}, ${hook} }] }`)).not.toBe('good');
    expect(refusal(`alerts: { channels: [{ name: a, ${hook} }, { name: a, ${hook} }] }`)).toContain(
      'stands here twice',
    );
  });

  it.each([
    ['kinds: [impersonations]', 'Write impersonation'],
    ['severity: grave', 'must be one of low, medium, high, critical'],
    ['digest: weekly', 'must be one of immediately, hourly, daily'],
    ['repeat: 1m', 'between 10m and 720h'],
  ])('refuse a route with %s', (rest, message) => {
    expect(route(rest)).toContain(message);
  });

  it('refuse a route to a channel that is not there, at its place', () => {
    const text = refusal(`alerts: { channels: [{ name: c, ${hook} }], routes: [{ name: r, channels: [d] }] }`);
    expect(text).toContain('alerts.routes[0].channels[0]');
    expect(text).toContain('"d" is no channel');
  });

  it('refuse a severity of a kind that there is not', () => {
    expect(refusal('alerts: { severities: { impersonatoin: low } }')).toContain('Write impersonation');
  });
});
