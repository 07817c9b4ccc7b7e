import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTreeHead, treeHeadBytes } from '#lib/ct/tree-head.ts';
import { LogDataError } from '#lib/rekor/log-data-error.ts';
import { EMPTY_ROOT } from '#lib/tlog/hash.ts';

const head = { timestamp: 1_795_738_795_096, size: 12, root: Buffer.alloc(32, 7) };

const KEYS = [
  ['ECDSA P-256', generateKeyPairSync('ec', { namedCurve: 'P-256' }), [4, 3], 'sha256'],
  ['ECDSA P-384', generateKeyPairSync('ec', { namedCurve: 'P-384' }), [5, 3], 'sha384'],
  ['RSA', generateKeyPairSync('rsa', { modulusLength: 2048 }), [4, 1], 'sha256'],
  ['Ed25519', generateKeyPairSync('ed25519'), [8, 7], null],
] as const;

function minted(key: KeyObject, algorithms: readonly number[], hash: string | null, over = head) {
  const signature = sign(hash, treeHeadBytes(over), key);
  const length = [signature.length >> 8, signature.length & 0xff];
  return {
    tree_size: over.size as unknown,
    timestamp: over.timestamp as unknown,
    sha256_root_hash: over.root.toString('base64'),
    tree_head_signature: Buffer.concat([Buffer.from([...algorithms, ...length]), signature]).toString('base64'),
  };
}

const bytes = (json: unknown) => Buffer.from(typeof json === 'string' ? json : JSON.stringify(json));

function code(json: unknown, key: KeyObject): string {
  try {
    readTreeHead(bytes(json), { origin: 'ct.example', key });
    return 'accepted';
  } catch (error) {
    if (error instanceof LogDataError) return error.code;
    throw error;
  }
}

describe('readTreeHead', () => {
  it.each(KEYS)(
    'takes a head signed with %s, and reads the note that it makes of it again',
    (_, keys, algorithms, hash) => {
      const log = { origin: 'ct.example', key: keys.publicKey };
      const read = readTreeHead(bytes(minted(keys.privateKey, algorithms, hash)), log);
      expect(read).toMatchObject({ size: 12, signedAt: head.timestamp, cosignatures: 0, extensions: [] });
      expect(Buffer.from(read.root)).toEqual(head.root);
      expect(readTreeHead(Buffer.from(read.note), log)).toEqual(read);
    },
  );

  it.each(KEYS)(
    'refuses another size, time, root, key or algorithm than was signed with %s',
    (_, keys, algorithms, hash) => {
      const { privateKey, publicKey } = keys;
      const good = minted(privateKey, algorithms, hash);
      expect(code({ ...good, tree_size: 13 }, publicKey)).toBe('bad-signature');
      expect(code({ ...good, timestamp: 1 }, publicKey)).toBe('bad-signature');
      expect(code({ ...good, sha256_root_hash: Buffer.alloc(32, 8).toString('base64') }, publicKey)).toBe(
        'bad-signature',
      );
      expect(code(good, generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey)).toBe('bad-signature');
      expect(code(minted(privateKey, [2, algorithms[1] ?? 0], hash), publicKey)).toBe('bad-signature');
      expect(code(minted(privateKey, [algorithms[0] ?? 0, 2], hash), publicKey)).toBe('bad-signature');
    },
  );

  it('refuses what is no tree head', () => {
    const { privateKey, publicKey } = KEYS[0][1];
    const good = minted(privateKey, [4, 3], 'sha256');
    for (const [name, value] of [
      ['tree_size', -1],
      ['tree_size', 1.5],
      ['tree_size', '12'],
      ['tree_size', 2 ** 60],
      ['timestamp', null],
      ['sha256_root_hash', 'AAAA'],
      ['sha256_root_hash', 5],
      ['tree_head_signature', 'not base64'],
    ]) {
      expect(code({ ...good, [String(name)]: value }, publicKey), String(name)).toBe('malformed-note');
    }
    expect(code('[]', publicKey)).toBe('malformed-note');
    expect(code('', publicKey)).toBe('malformed-note');
    expect(code(`{"tree_size":1,${JSON.stringify(good).slice(1)}`, publicKey)).toBe('malformed-note');
    expect(code({ ...good, rest: 'x'.repeat(20_000) }, publicKey)).toBe('malformed-note');
  });

  it('takes an empty tree with the root of nothing alone', () => {
    const { privateKey, publicKey } = KEYS[0][1];
    const empty = { ...head, size: 0, root: Buffer.from(EMPTY_ROOT) };
    expect(code(minted(privateKey, [4, 3], 'sha256', empty), publicKey)).toBe('accepted');
    expect(code(minted(privateKey, [4, 3], 'sha256', { ...head, size: 0 }), publicKey)).toBe('malformed-note');
  });

  it('never fails in another way, whatever the bytes', () => {
    const { publicKey } = KEYS[0][1];
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((json) => Buffer.from(json)),
        ),
        (raw) => {
          expect(['malformed-note', 'bad-signature']).toContain(code(Buffer.from(raw).toString('latin1'), publicKey));
        },
      ),
    );
  });
});
