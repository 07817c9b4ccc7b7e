import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError } from '#lib/config/error.ts';
import { loadConfig, parseConfig } from '#lib/config/load.ts';
import { ed25519Verifier, formatVerifierKey } from '#lib/tlog/key.ts';
import { compileRules } from '#lib/watch/rule.ts';

const ORGANISATION = 'organisation: { name: Models Example, contact: security@models.example }\n';
const folder = mkdtempSync(join(tmpdir(), 'modeltrail-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const parse = (text: string | Uint8Array) => parseConfig(Buffer.from(text as Uint8Array), 'modeltrail.yaml');
const load = (text: string) => parse(ORGANISATION + text).config;

/** Every problem of a text that must be refused, as it is printed. */
function problemsOf(text: string | Uint8Array): string[] {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  throw new Error('the configuration was accepted');
}

const { publicKey: PUBLIC_KEY } = generateKeyPairSync('ed25519');
const problems = (text: string) => problemsOf(ORGANISATION + text);

describe('a configuration file', () => {
  it('needs nothing but who runs it', () => {
    expect(load('')).toEqual({
      organisation: { name: 'Models Example', contact: 'security@models.example' },
      server: { host: '127.0.0.1', port: 3000 },
      database: join(process.cwd(), 'data/modeltrail.db'),
      access: {
        sessions: { lifetime: 604_800_000, idle: 43_200_000 },
        localAccounts: true,
        passkeys: true,
        proxies: 0,
        oidc: [],
      },
      trust: { tuf: { mirror: 'https://tuf-repo-cdn.sigstore.dev' }, keys: [], authorities: [] },
      logs: {
        discover: true,
        start: 'end',
        poll: 30_000,
        parallel: 16,
        backFill: false,
        backFillRate: 2000,
        mirror: 'matches',
        mirrorLimit: 100e9,
        publicMirrors: false,
        certificateLogs: true,
        unusedAfter: 86_400_000,
        freshness: 900_000,
        rekorV1: 'index',
        list: [],
      },
      watch: [],
      models: [],
      builders: { builders: [], ciIssuers: ['https://token.actions.githubusercontent.com'], sourceVerifiers: [] },
      sources: [],
      expected: { alert: 'unclaimed' },
      alerts: {
        channels: [],
        routes: [],
        severities: {},
        keep: 8760 * 3_600_000,
        grace: { unclaimed: 900_000, unexpected: 60_000, health: 300_000 },
      },
      health: { metrics: 'token' },
    });
  });

  it('has its paths start at its own folder, and its digest tell its content', () => {
    const path = join(folder, 'paths.yaml');
    const text = `${ORGANISATION}database: ../db/x.db\ntrust: { file: ./root.json }\nsources: [{ name: s, directory: /bundles }]\n`;
    writeFileSync(path, text);
    expect(loadConfig(path)).toMatchObject({
      path,
      sha256: createHash('sha256').update(text).digest('hex'),
      config: {
        database: join(folder, '../db/x.db'),
        trust: { file: join(folder, 'root.json') },
        sources: [{ directory: '/bundles' }],
      },
    });
    expect(load('trust: { tuf: { root: ./root.json } }').trust).toEqual({
      tuf: { mirror: 'https://tuf-repo-cdn.sigstore.dev', root: join(process.cwd(), 'root.json') },
      keys: [],
      authorities: [],
    });
  });

  it('can trust keys and authorities of its own beside the trust root, in files at its own folder', () => {
    const trust =
      'trust: { file: r.json, keys: [{ name: release, file: k.pub }], authorities: [{ name: ca, file: /ca.pem }] }';
    expect(load(trust).trust).toEqual({
      file: join(process.cwd(), 'r.json'),
      keys: [{ name: 'release', file: join(process.cwd(), 'k.pub') }],
      authorities: [{ name: 'ca', file: '/ca.pem' }],
    });
  });

  it('may begin with a byte order mark and end its lines as Windows does', () => {
    expect(parse(`\ufeff${ORGANISATION}server: { port: 1 }\n`.replaceAll('\n', '\r\n')).config.server.port).toBe(1);
  });
});

describe('watch rules', () => {
  it('come as the matcher takes them: text alone means exact', () => {
    const { watch } = load(`watch:
  - name: a
    identity: bot@models.example
    san-type: email
    issuer: { glob: 'https://*.example' }
  - name: b
    own: false
    extensions: { source-repository-uri: 'https://x.example', 1.3.6.1.4.1.57264.1.15: { pattern: '[0-9]+' } }
`);
    expect(watch).toEqual([
      {
        name: 'a',
        own: true,
        identity: { exact: 'bot@models.example' },
        sanType: 'email',
        issuer: { glob: 'https://*.example' },
      },
      {
        name: 'b',
        own: false,
        extensions: {
          'source-repository-uri': { exact: 'https://x.example' },
          '1.3.6.1.4.1.57264.1.15': { pattern: '[0-9]+' },
        },
      },
    ]);
    expect(compileRules(watch).isEmpty).toBe(false);
  });

  it('may name keys and digests, one or a list, written as tools print them', () => {
    const pem = PUBLIC_KEY.export({ type: 'spki', format: 'pem' }).toString();
    const spki = PUBLIC_KEY.export({ type: 'spki', format: 'der' });
    const sha256 = createHash('sha256').update(spki).digest('hex');
    const { watch } = load(`watch:
  - name: key
    key: |
      ${pem.trimEnd().replaceAll('\n', '\n      ')}
  - name: keys
    key: [${sha256}, "sha256:${sha256.toUpperCase()}"]
  - name: digest
    digest: sha512:${'AB'.repeat(64)}
  - name: signed by us
    identity: bot@models.example
    digest: [${'cd'.repeat(32)}, "${'ef'.repeat(48)}"]
`);
    expect(watch).toEqual([
      { name: 'key', own: true, keys: [{ sha256, spki: spki.toString('hex') }] },
      { name: 'keys', own: true, keys: [{ sha256 }, { sha256 }] },
      { name: 'digest', own: false, digests: ['ab'.repeat(64)] },
      {
        name: 'signed by us',
        own: true,
        identity: { exact: 'bot@models.example' },
        digests: ['cd'.repeat(32), 'ef'.repeat(48)],
      },
    ]);
    expect(compileRules(watch).unsearchable).toEqual([]);
  });

  it.each([
    ['- { name: a }', '5 watch[0]: names nothing to look for. Mend: Add identity, issuer, extensions, key or digest.'],
    [
      '- { name: a, extensions: {} }',
      '5 watch[0]: names nothing to look for. Mend: Add identity, issuer, extensions, key or digest.',
    ],
    [
      '- { name: a, digest: abcd }',
      '24 watch[0].digest: "abcd" is no digest in hex. Mend: Write 64 (SHA-256), 96 (SHA-384) or 128 (SHA-512) hex digits, alone or behind sha256:, sha384: or sha512:.',
    ],
    [
      `- { name: a, digest: "sha384:${'ab'.repeat(32)}" }`,
      `24 watch[0].digest: "sha384:${'ab'.repeat(32)}" is no digest in hex. Mend: Write 64 (SHA-256), 96 (SHA-384) or 128 (SHA-512) hex digits, alone or behind sha256:, sha384: or sha512:.`,
    ],
    [
      `- { name: a, own: true, digest: ${'ab'.repeat(32)} }`,
      '21 watch[0].own: anybody can sign this digest: that is no signature of your own. Mend: Write false, or add identity or key.',
    ],
    [
      '- { name: a, key: "AB:CD" }',
      '21 watch[0].key: "AB:CD" is no fingerprint of a key. Mend: Write the 64 hex digits of the SHA-256 of its SPKI DER, without colons, or the public key in PEM.',
    ],
    ['- { name: a, key: [] }', '21 watch[0].key: must have at least 1 items. Mend: Write at least 1 items.'],
    [
      '- { name: a, key: "-----BEGIN PUBLIC KEY-----\\nAAAA\\n-----END PUBLIC KEY-----" }',
      '21 watch[0].key: is PEM, but of no public key. Mend: Give the public key: BEGIN PUBLIC KEY, from openssl pkey -pubout.',
    ],
    [
      '- { name: a, identity: { pattern: "ab**" } }',
      '37 watch[0].identity.pattern: RE2 refuses the pattern at character 3: invalid nested repetition operator. Mend: Correct the pattern, or use glob or exact.',
    ],
    [
      '- { name: a, identity: { glob: x, exact: y } }',
      '26 watch[0].identity: has more than one of exact, glob, pattern. Mend: Write exactly one of exact, glob, pattern.',
    ],
    [
      '- { name: a, identity: {} }',
      '26 watch[0].identity: has none of exact, glob, pattern. Mend: Write exactly one of exact, glob, pattern.',
    ],
    [
      '- { name: a, identity: { regex: x } }',
      '28 watch[0].identity.regex: is not a key that is known here. Mend: Use one of exact, glob, pattern, or leave it out.',
    ],
    [
      '- { name: a, identity: "" }',
      '26 watch[0].identity: must have at least 1 character. Mend: Write at least 1 character.',
    ],
    ['- { name: a, isuer: x }', '16 watch[0].isuer: is not a key that is known here. Mend: Write issuer.'],
    [
      '- { name: a, issuer: x, own: yes }',
      '32 watch[0].own: must be true or false, not text. Mend: Write true or false.',
    ],
    [
      '- { name: a, issuer: x, san-type: email }',
      '37 watch[0].san-type: restricts an identity that is not there. Mend: Add identity, or leave out san-type.',
    ],
    [
      '- { name: a, identity: x, san-type: e-mail }',
      '39 watch[0].san-type: must be one of email, uri, dns, other-name, ip, directory-name, registered-id, x400, edi. Mend: Write email.',
    ],
    [
      '- { name: a, extensions: { source-repository-url: x } }',
      "30 watch[0].extensions.source-repository-url: neither names an extension of Fulcio's nor is an OID under 1.3.6.1.4.1.57264.1. Mend: Write source-repository-uri.",
    ],
    [
      '- { name: a, extensions: { source-repository-identifier: 174148773 } }',
      "60 watch[0].extensions.source-repository-identifier: must be text or a map of keys, not the number 174148773. Mend: Put it in quotes: '174148773'.",
    ],
    ['- just text', '5 watch[0]: must be a map of keys, not text. Mend: Write a map of keys.'],
    [
      '- { issuer: x }',
      '5 watch[0].name: is missing. Mend: Add name (What events are listed under. Once chosen, keep it: history is kept by it).',
    ],
  ])('refuses %s', (rule, problem) => {
    expect(problems(`watch:\n  ${rule}\n`)).toContain(`modeltrail.yaml:3:${problem}`);
  });

  it('have names of their own, which is seen to even where a rule is wrong otherwise', () => {
    expect(problems('watch:\n  - { name: a, issuer: 5 }\n  - { name: a, issuer: x }\n')).toEqual([
      "modeltrail.yaml:3:24 watch[0].issuer: must be text or a map of keys, not the number 5. Mend: Put it in quotes: '5'.",
      'modeltrail.yaml:4:13 watch[1].name: "a" stands here twice. Mend: Give each its own name.',
    ]);
  });
});

describe('logs', () => {
  const key = formatVerifierKey(
    ed25519Verifier(
      'log.example',
      Buffer.from('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 'hex'),
    ),
  );

  it('are taken as they are written, durations in milliseconds', () => {
    const { logs } = load(`logs:
  { discover: false, start: 7, poll: 500ms, parallel: 4, back-fill: true, back-fill-rate: 9, mirror: full, mirror-limit: 3, certificate-logs: false, unused-after: 48h,
    witness-policy: ./policy.txt, list: [{ origin: log.example, url: 'https://log.example', key: ${key}, start: 0,
    back-fill: false, mirror: matches, vantages: ['https://view.example'] }] }
`);
    expect(logs).toEqual({
      discover: false,
      start: 7,
      poll: 500,
      parallel: 4,
      backFill: true,
      backFillRate: 9,
      mirror: 'full',
      mirrorLimit: 3e9,
      publicMirrors: false,
      certificateLogs: false,
      unusedAfter: 2 * 86_400_000,
      witnessPolicy: join(process.cwd(), 'policy.txt'),
      freshness: 900_000,
      rekorV1: 'index',
      list: [
        {
          origin: 'log.example',
          url: 'https://log.example',
          key,
          start: 0,
          backFill: false,
          mirror: 'matches',
          vantages: ['https://view.example'],
        },
      ],
    });
  });

  it.each([
    'http://127.0.0.1:3000',
    'http://localhost',
    'http://[::1]:1',
    'http://rekor.localhost',
    'https://log.example/api',
  ])('may be read at %s', (url) => {
    expect(load(`logs: { list: [{ origin: x, url: '${url}' }] }`).logs.list).toEqual([
      { origin: 'x', url, vantages: [] },
    ]);
  });

  it('may be read over plain http from afar only where that is said to be meant', () => {
    const list = (more: string) => `logs: { list: [{ origin: x, url: 'http://127.0.0.1.evil.example'${more} }] }`;
    expect(problems(list(''))[0]).toContain(
      'logs.list[0].url: is plain http to another machine. Mend: Write https, or set allow-http: true',
    );
    expect(load(list(', allow-http: true')).logs.list).toHaveLength(1);
  });

  it.each([
    ['url: ftp://x', 'is not an http or https address'],
    ['url: log.example', 'is not an http or https address'],
    ['url: "https://user:secret@log.example"', 'contains credentials'],
    ['url: "https://log.example/?a=1"', 'has a query or a fragment'],
    ['start: soon', 'must be end or a number, not text'],
    ['start: -1', 'must be at least 0'],
    ['start: 1.5', 'must be end or a whole number'],
    ['start: 9007199254740993', 'must be'],
    ['key: zz', 'Not a verifier key'],
    [`key: ${key}`, 'is the key of log.example, not of x'],
    [`key: ${key.replace('+', '+0')}`, 'Not a verifier key'],
  ])('refuses %s in the list', (entry, problem) => {
    const found = problems(`logs: { list: [{ origin: x, ${entry} }] }`);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(problem);
  });

  it('refuses a key without an address, an origin twice, and an origin with a space', () => {
    expect(problems(`logs: { list: [{ origin: log.example, key: ${key} }] }`)[0]).toContain(
      'is of a log without an address',
    );
    expect(problems('logs: { list: [{ origin: x }, { origin: x }] }')[0]).toContain('"x" stands here twice');
    expect(problems('logs: { list: [{ origin: "a b" }] }')[0]).toContain('has a space, a plus sign');
  });

  it.each([
    ['poll: 30', 'must be text, not the number 30. Mend: Write text, such as 30s'],
    ['poll: 30x', 'is not a duration'],
    ['poll: 10ms', 'is out of bounds'],
    ['poll: 2h', 'is out of bounds'],
    ['parallel: 0', 'must be at least 1'],
    ['parallel: 65', 'must be at most 64'],
    ['paralel: 4', 'Mend: Write parallel'],
  ])('refuses %s', (setting, problem) => {
    expect(problems(`logs: { ${setting} }`)[0]).toContain(problem);
  });
});

describe('who is asked, and who asks', () => {
  it.each([
    ['trust: { tuf: {}, file: x }', 'trust: has more than one of tuf, file'],
    ['trust: {}', 'trust: has none of tuf, file'],
    ['trust: { keys: [] }', 'trust: has none of tuf, file'],
    [
      'trust: { tuf: {}, keys: [{ name: a, file: x }, { name: a, file: y }] }',
      'trust.keys[1].name: "a" stands here twice',
    ],
    ['trust: { tuf: {}, authorities: [{ name: a }] }', 'trust.authorities[0].file: is missing'],
    ['trust: { tuf: { mirror: "http://tuf.example" } }', 'trust.tuf.mirror: is plain http to another machine'],
    ['server: { port: 65536 }', 'server.port: must be at most 65535'],
    ['server: { port: "3000" }', 'server.port: must be a number, not text'],
    ['sources: [{ name: a, directory: x }, { name: a, directory: y }]', '"a" stands here twice'],
  ])('refuses %s', (text, problem) => {
    expect(problems(text)[0]).toContain(problem);
  });

  it.each(['security@models.example', 'https://models.example/security'])('takes %s for a contact', (contact) => {
    expect(parse(`organisation: { name: x, contact: '${contact}' }`).config.organisation.contact).toBe(contact);
  });

  it.each(['nobody', 'a@b', 'x@models.example\\r\\nEvil: 1', 'a@models.example)', 'javascript:x', 'é@models.example'])(
    'does not take %s for a contact',
    (contact) => {
      expect(problemsOf(`organisation: { name: x, contact: "${contact}" }`)[0]).toContain(
        'organisation.contact: is neither',
      );
    },
  );
});

describe('what is refused as a whole', () => {
  it('is told of with every mistake at once, in the order of the file', () => {
    const lines = problemsOf('organisation:\n  nam: x\nserver: { port: -1 }\nwatching: []\n').map(
      (line) => line.split('. ')[0],
    );
    expect(lines).toEqual([
      'modeltrail.yaml:1:1 organisation.name: is missing',
      'modeltrail.yaml:1:1 organisation.contact: is missing',
      'modeltrail.yaml:2:3 organisation.nam: is not a key that is known here',
      'modeltrail.yaml:3:17 server.port: must be at least 0',
      'modeltrail.yaml:4:1 watching: is not a key that is known here',
    ]);
  });

  it('says of YAML mistakes where they are', () => {
    expect(problems('server: { port: 1 }\nserver: { port: 2 }\n')).toEqual([
      'modeltrail.yaml:3:1 The YAML cannot be read: Map keys must be unique. Mend: Keep one of the two.',
    ]);
  });

  it.each([
    ['an empty file', '', 'must be a map of keys, not nothing'],
    ['a list', '- x', 'must be a map of keys, not a list'],
    ['a key named __proto__', `${ORGANISATION}__proto__: { server: 1 }`, '__proto__: is not a key that is known here'],
    ['bytes that are no UTF-8', Uint8Array.of(0x61, 0xff), 'The file is not UTF-8'],
  ])('is %s', (_, text, problem) => {
    expect(problemsOf(text)[0]).toContain(problem);
  });

  it('is a file that is missing, is a directory, or is larger than a megabyte', () => {
    const large = join(folder, 'large.yaml');
    writeFileSync(large, `${ORGANISATION}#${'x'.repeat(1024 * 1024)}`);
    expect(() => loadConfig(join(folder, 'none.yaml'))).toThrow(/none\.yaml:1:1 The file cannot be read: ENOENT/);
    expect(() => loadConfig(folder)).toThrow(/The file cannot be read: EISDIR/);
    expect(() => loadConfig(large)).toThrow(/The file is larger than 1 MiB/);
  });
});
