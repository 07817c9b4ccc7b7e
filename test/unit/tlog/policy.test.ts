import { ed25519 } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeBase64 } from '#lib/tlog/base64.ts';
import { cosignatureVerifier } from '#lib/tlog/cosignature.ts';
import { toHex } from '#lib/tlog/hex.ts';
import { ed25519Verifier, formatVerifierKey } from '#lib/tlog/key.ts';
import { noteKeyHash } from '#lib/tlog/key-id.ts';
import { evaluatePolicy } from '#lib/tlog/policy.ts';
import { parsePolicy } from '#lib/tlog/policy-file.ts';

const keyOf = (n: number) => ed25519.getPublicKey(new Uint8Array(32).fill(n));
const LOG = formatVerifierKey(ed25519Verifier('log.example', keyOf(200)));
const W = Array.from({ length: 40 }, (_, n) => formatVerifierKey(cosignatureVerifier(`w${n}.example`, keyOf(n + 1))));
const ML_DSA = (() => {
  const key = new Uint8Array(1312).fill(5);
  const id = toHex(noteKeyHash('pq.example', 6, key).subarray(0, 4));
  return `pq.example+${id}+${encodeBase64(Uint8Array.of(6, ...key))}`;
})();

const parse = (text: string) => parsePolicy(new TextEncoder().encode(text));
const policyOf = (...lines: string[]) => parse(`${lines.join('\n')}\n`);
const refused = (message: string | RegExp) =>
  expect.objectContaining({ name: 'TlogError', code: 'bad-policy', message: expect.stringMatching(message) });

/** The example of the specification: two of three, and one of three. */
const EXAMPLE = policyOf(
  '# of the specification',
  `log ${LOG} https://log.example/`,
  '',
  ...[1, 2, 3].map((n) => `witness X${n} ${W[n]}`),
  'group X-witnesses 2 X1 X2 X3',
  ...[1, 2, 3].map((n) => `\twitness  Y${n}\t${W[n + 3]} https://y${n}.example/`),
  'group Y-witnesses any Y1 Y2 Y3',
  '  # any order of logs and witnesses',
  'group X-and-Y all X-witnesses Y-witnesses',
  'quorum X-and-Y',
);

describe('a policy', () => {
  test('is read with its logs, witnesses, groups and quorum', () => {
    expect(EXAMPLE.logs).toMatchObject([{ url: 'https://log.example/', verifier: { name: 'log.example' } }]);
    expect(EXAMPLE.witnesses.map(({ name, url, verifier }) => [name, url, verifier.name])).toEqual([
      ['X1', null, 'w1.example'],
      ['X2', null, 'w2.example'],
      ['X3', null, 'w3.example'],
      ['Y1', 'https://y1.example/', 'w4.example'],
      ['Y2', 'https://y2.example/', 'w5.example'],
      ['Y3', 'https://y3.example/', 'w6.example'],
    ]);
    expect(EXAMPLE.groups).toEqual([
      { name: 'X-witnesses', threshold: 2, members: ['X1', 'X2', 'X3'] },
      { name: 'Y-witnesses', threshold: 1, members: ['Y1', 'Y2', 'Y3'] },
      { name: 'X-and-Y', threshold: 2, members: ['X-witnesses', 'Y-witnesses'] },
    ]);
    expect(EXAMPLE.quorum).toBe('X-and-Y');
  });

  test.each([
    [['X1', 'X3', 'Y2'], true],
    [['X1', 'X2', 'X3', 'Y1', 'Y2', 'Y3'], true],
    [['X1', 'Y1', 'Y2', 'Y3'], false],
    [['X1', 'X2', 'X3'], false],
    [[], false],
    [['X-and-Y', 'X-witnesses', 'Y1'], false],
    [['w1.example', 'w2.example', 'Y1'], false],
  ])('of two of three and one of three is with %j met: %s', (names, met) => {
    expect(evaluatePolicy(EXAMPLE, names).met).toBe(met);
  });

  test('says which groups are met, and by whom', () => {
    expect(evaluatePolicy(EXAMPLE, ['X1', 'X3', 'stranger']).groups).toMatchObject([
      { name: 'X-witnesses', witnessed: ['X1', 'X3'], met: true },
      { name: 'Y-witnesses', witnessed: [], met: false },
      { name: 'X-and-Y', witnessed: ['X-witnesses'], met: false },
    ]);
  });

  test('without a quorum is met by nobody, one of a single witness by that', () => {
    expect(evaluatePolicy(policyOf('quorum none'), []).met).toBe(true);
    const single = policyOf(`witness a ${W[0]}`, `witness b ${W[1]}`, 'quorum a');
    expect(evaluatePolicy(single, ['b']).met).toBe(false);
    expect(evaluatePolicy(single, ['a']).met).toBe(true);
  });

  test('takes ML-DSA-44 keys of witnesses and of logs', () => {
    expect(policyOf(`witness pq ${ML_DSA}`, 'quorum pq').witnesses[0]?.verifier.kind).toBe('ml-dsa-44-cosignature');
    expect(policyOf(`log ${ML_DSA}`, 'quorum none').logs).toHaveLength(1);
  });

  test('tells names apart byte for byte, and takes comments in any encoding', () => {
    const { witnesses } = policyOf(`witness K ${W[0]}`, `witness \u212a ${W[1]}`, 'quorum \u212a');
    expect(witnesses.map(({ name }) => name)).toEqual(['K', '\u212a']);
    const latin1 = Buffer.concat([Buffer.from('# '), Buffer.from([0xe4, 0xff]), Buffer.from('\nquorum none\n')]);
    expect(parsePolicy(latin1).quorum).toBeNull();
  });

  test('may have 32 logs, witnesses and groups, as the specification asks', () => {
    const lines = Array.from({ length: 32 }, (_, n) => [
      `log ${formatVerifierKey(ed25519Verifier(`log${n}.example`, keyOf(n + 100)))}`,
      `witness w${n} ${W[n]}`,
      `group g${n} 1 w${n}`,
    ]).flat();
    expect(policyOf(...lines, 'quorum g31').groups).toHaveLength(32);
  });
});

describe('a policy is refused', () => {
  const [a, b] = [`witness a ${W[0]}`, `witness b ${W[1]}`];
  test.each<[string, string[], RegExp]>([
    ['with an unknown keyword', ['allow x', 'quorum none'], /^Line 1: "allow" is no keyword/],
    ['with a comment behind a line', ['quorum none # why'], /^Line 1: 3 items stand behind "quorum"/],
    ['without a quorum', [a], /has no quorum line/],
    ['with two quorums', ['quorum none', 'quorum none'], /^Line 2: line 1 has a quorum already/],
    ['with a quorum defined later', ['quorum a', a], /^Line 1: no witness or group before it has the name "a"/],
    ['with a member defined later', ['group g any a', a, 'quorum g'], /^Line 1: no witness or group before it/],
    [
      'with a group in itself',
      [a, 'group g any g a', 'quorum g'],
      /^Line 2: no witness or group before it has the name "g"/,
    ],
    ['with a name twice', [a, `witness a ${W[1]}`, 'quorum a'], /^Line 2: line 1 defines "a" already/],
    ['with a group called like a witness', [a, b, 'group a any b', 'quorum a'], /^Line 3: line 1 defines "a" already/],
    ['with a witness called none', [`witness none ${W[0]}`, 'quorum none'], /^Line 1: "none" stands for no quorum/],
    ['with the member none', [a, 'group g any none', 'quorum g'], /^Line 2: "none" is for the quorum alone/],
    [
      'with a member twice in a group',
      [a, 'group g any a a', 'quorum g'],
      /^Line 2: "a" is a member in line 2 already/,
    ],
    [
      'with a member of two groups',
      [a, 'group g any a', 'group h any a', 'quorum g'],
      /^Line 3: "a" is a member in line 2/,
    ],
    [
      'with a threshold of none',
      [a, 'group g 0 a', 'quorum g'],
      /^Line 2: "0" of 1 members; write any, all, or 1 to 1/,
    ],
    ['with a threshold above its members', [a, b, 'group g 3 a b', 'quorum g'], /^Line 3: "3" of 2 members/],
    ['with a threshold in hex', [a, 'group g 0x1 a', 'quorum g'], /^Line 2: "0x1" of 1 members/],
    ['with a threshold with a sign', [a, 'group g +1 a', 'quorum g'], /^Line 2: "\+1" of/],
    ['with a group without members', ['group g any', 'quorum g'], /^Line 1: 2 items stand behind "group"/],
    ['with a key twice', [a, `witness c ${W[0]}`, 'quorum none'], /^Line 2: line 1 has the same public key/],
    [
      'with a key under two names',
      [a, `witness c ${formatVerifierKey(cosignatureVerifier('x', keyOf(1)))}`, 'quorum none'],
      /^Line 2: line 1 has the same/,
    ],
    [
      'with a log that is its own witness',
      [a, `log ${formatVerifierKey(ed25519Verifier('x', keyOf(1)))}`, 'quorum none'],
      /cannot witness itself/,
    ],
    ['with a log twice', [`log ${LOG}`, `log ${LOG}`, 'quorum none'], /^Line 2: line 1 has the same public key/],
    ["with a witness's key for a log", [`log ${W[0]}`, 'quorum none'], /^Line 1: this is a witness's key/],
    ["with a log's key for a witness", [`witness l ${LOG}`, 'quorum none'], /^Line 1: this is a log's key/],
    ['with a key that is none', ['witness a nonsense', 'quorum none'], /^Line 1: Not a verifier key/],
    ['with a URL that is none', [`log ${LOG} log.example`, 'quorum none'], /^Line 1: "log.example" is no URL/],
    ['with a carriage return', ['quorum none\r'], /^Line 1: the control character 0x0d/],
    ['with a NUL in a comment', ['# \0', 'quorum none'], /^Line 1: the control character 0x00/],
    ['with a form feed between items', ['quorum\fnone'], /^Line 1: the control character 0x0c/],
    ['with a no-break space between items', ['quorum\u00a0none'], /is no keyword/],
    ['with a byte order mark', ['\ufeffquorum none'], /is no keyword/],
  ])('%s', (_, lines, message) => {
    expect(() => policyOf(...lines)).toThrow(refused(message));
  });

  test('when its last line was cut short, its names are not UTF-8, or it is too long', () => {
    expect(() => parse('quorum none')).toThrow(refused(/does not end in a newline/));
    expect(() => parsePolicy(Buffer.from('quorum \xff\n', 'latin1'))).toThrow(refused(/^Line 1: not UTF-8/));
    expect(() => parse('')).toThrow(refused(/has no quorum line/));
    expect(() => parsePolicy(new Uint8Array(512 * 1024 + 1))).toThrow(refused(/at most/));
  });

  test('with more logs, witnesses or groups than are read', () => {
    const many = (n: number, line: (i: number) => string) => Array.from({ length: n }, (_, i) => line(i));
    const key = (i: number) => ed25519.getPublicKey(new Uint8Array(32).fill(1).with(0, i).with(1, 77));
    const logs = many(65, (i) => `log ${formatVerifierKey(ed25519Verifier('l', key(i)))}`);
    expect(() => policyOf(...logs, 'quorum none')).toThrow(refused(/^Line 65: more than 64 logs/));
    const witnesses = many(129, (i) => `witness w${i} ${formatVerifierKey(cosignatureVerifier('w', key(i)))}`);
    expect(() => policyOf(...witnesses, 'quorum none')).toThrow(refused(/^Line 129: more than 128 witnesses/));
    const groups = many(129, (i) => `group g${i} any ${i === 0 ? 'a' : `g${i - 1}`}`);
    expect(() => policyOf(a, ...groups, 'quorum none')).toThrow(refused(/^Line 130: more than 128 groups/));
  });

  test('or read, for whatever bytes, and never fails otherwise', () => {
    const word = fc.constantFrom(
      'log',
      'witness',
      'group',
      'quorum',
      'none',
      'any',
      'all',
      '1',
      'a',
      'g',
      '#',
      LOG,
      ...W.slice(0, 3),
      '\n',
      '\n',
      '\t',
      ' ',
    );
    const texts = fc.array(word, { maxLength: 40 }).map((words) => new TextEncoder().encode(`${words.join(' ')}\n`));
    fc.assert(
      fc.property(fc.oneof(texts, fc.uint8Array({ maxLength: 200 })), (bytes) => {
        try {
          return evaluatePolicy(parsePolicy(bytes), ['a']).groups.length >= 0;
        } catch (error) {
          return (error as { code?: unknown }).code === 'bad-policy';
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the evaluation of any policy', () => {
  /** Groups over witnesses and earlier groups, each name in one place: a forest, as the rules ask. */
  const forest = fc
    .record({
      witnesses: fc.integer({ min: 1, max: 12 }),
      groups: fc.array(fc.record({ take: fc.integer({ min: 1, max: 5 }), threshold: fc.nat(4) }), { maxLength: 8 }),
      cosigned: fc.array(fc.nat(11)),
    })
    .map(({ witnesses, groups, cosigned }) => {
      const names = Array.from({ length: witnesses }, (_, n) => `w${n}`);
      const free = [...names];
      const lines = names.map((name, n) => `witness ${name} ${W[n]}`);
      const made = groups.map(({ take, threshold }, n) => {
        const members = free.splice(0, take);
        const group = { name: `g${n}`, k: (threshold % members.length) + 1, members };
        free.push(group.name);
        lines.push(`group ${group.name} ${group.k} ${members.join(' ')}`);
        return group;
      });
      const quorum = made.at(-1)?.name ?? 'w0';
      return { policy: policyOf(...lines, `quorum ${quorum}`), made, quorum, signed: cosigned.map((n) => `w${n}`) };
    });

  test('is that of its definition, and never gets worse by another cosignature', () => {
    fc.assert(
      fc.property(forest, fc.nat(11), ({ policy, made, quorum, signed }, more) => {
        const groups = new Map(made.map((group) => [group.name, group]));
        const known = new Set(policy.witnesses.map(({ name }) => name));
        const holds = (name: string): boolean => {
          const group = groups.get(name);
          if (group === undefined) return known.has(name) && signed.includes(name);
          return group.members.filter(holds).length >= group.k;
        };
        const { met } = evaluatePolicy(policy, signed);
        expect(met).toBe(holds(quorum));
        if (met) expect(evaluatePolicy(policy, [...signed, `w${more}`]).met).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
