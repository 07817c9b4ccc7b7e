import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HashListError } from '#lib/hash-list/hash-list-error.ts';
import { readHashList } from '#lib/hash-list/read.ts';
import { mintHex } from '#test/factories.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const read = (text: string) => readHashList(bytes(text));
const shown = (text: string) => read(text).files.map(({ path, digests }) => [path, digests[0]?.digest]);
const [a, b] = [mintHex('a'), mintHex('b')];

function refusal(text: string): HashListError {
  try {
    read(text);
  } catch (error) {
    if (error instanceof HashListError) return error;
    throw error;
  }
  throw new Error('It was taken.');
}

/** Names that a model can have: safe paths of odd characters. */
const part = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 12 })
  .filter((text) => text.isWellFormed() && !/[/\\\0]/.test(text) && text !== '.' && text !== '..');
const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
const files = fc.uniqueArray(path, { minLength: 1, maxLength: 10 }).map((paths) => [...paths].sort());

const escaped = (name: string) => name.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
const isEscaped = (name: string) => /[\\\n\r]/.test(name);

describe('lines of checksums', () => {
  it('reads every name that GNU tools escape, in text and binary mode', () => {
    fc.assert(
      fc.property(files, fc.constantFrom(' ', '*'), (names, mode) => {
        const lines = names.map((name) => `${isEscaped(name) ? '\\' : ''}${mintHex(name)} ${mode}./${escaped(name)}\n`);
        expect(shown(lines.join(''))).toEqual(names.map((name) => [name, mintHex(name)]));
      }),
    );
  });

  it('reads every name in the tagged form', () => {
    fc.assert(
      fc.property(files, fc.constantFrom('SHA256', 'BLAKE3'), (names, tag) => {
        const lines = names.map(
          (name) => `${isEscaped(name) ? '\\' : ''}${tag} (${escaped(name)}) = ${mintHex(name)}\n`,
        );
        expect(shown(lines.join(''))).toEqual(names.map((name) => [name, mintHex(name)]));
        expect(read(lines.join('')).hashType).toBe(tag.toLowerCase());
      }),
    );
  });

  it('takes line ends of Windows, a byte order mark, comments and empty lines', () => {
    expect(shown(`\ufeff# of the release\r\n\r\n${a}  one.bin\r\n${b.toUpperCase()} *two.bin`)).toEqual([
      ['one.bin', a],
      ['two.bin', b],
    ]);
  });

  it('tells the algorithm by tag, by length, and by what the caller says', () => {
    expect(read(`${a}${a}  x`).hashType).toBe('blake2b');
    expect(read(`BLAKE2b (x) = ${a}${a}`).hashType).toBe('blake2b');
    expect(read(`${a}  x`).hashType).toBe('sha256');
    expect(readHashList(bytes(`${a}  x`), { hashType: 'blake3' }).hashType).toBe('blake3');
    expect(() => readHashList(bytes(`SHA256 (x) = ${a}`), { hashType: 'blake3' })).toThrow(/not of blake3/);
  });

  it.each([
    [`${a}  ../x`, 'bad-path', 'line 1'],
    [`${a}  a/../x`, 'bad-path', 'line 1'],
    [`${a}  a//x`, 'bad-path', 'line 1'],
    [`${a}  a\\x`, 'bad-path', 'line 1'],
    [`${a}  a\0x`, 'bad-path', 'line 1'],
    [`\\${a}  a\\tx`, 'bad-line', 'line 1'],
    [`${a}  x\n${b}  ./x`, 'doubled-path', 'line 2'],
    [`${a}  x\n${b}${b}  y`, 'mixed-hashes', 'line 2'],
    [`SHA256 (x) = ${a}\nBLAKE3 (y) = ${a}`, 'mixed-hashes', 'line 2'],
    [`SHA512 (x) = ${a}${a}`, 'unsupported-hash', 'line 1'],
    [`BLAKE2b-256 (x) = ${a}`, 'unsupported-hash', 'line 1'],
    [`SHA256 (x) = ${a.slice(2)}`, 'bad-digest', 'line 1'],
    ['d41d8cd98f00b204e9800998ecf8427e  md5.bin', 'unsupported-hash', 'line 1'],
    ['da39a3ee5e6b4b0d3255bfef95601890afd80709  sha1.bin', 'unsupported-hash', 'line 1'],
    [`${a}\tx`, 'bad-line', 'line 1'],
    [`${a}  `, 'bad-line', 'line 1'],
    ['\n# nothing\n', 'empty', null],
  ])('refuses %j and names its place', (text, code, at) => {
    expect(refusal(text)).toMatchObject({ code, at });
  });

  it('takes the same line twice for one', () => {
    expect(shown(`${a}  x\n${a}  x`)).toEqual([['x', a]]);
  });

  it('says what it took off absolute paths and of standard input', () => {
    expect(read(`${a}  /srv/model/x\n${b}  /srv/model/y`)).toMatchObject({
      files: [{ path: 'srv/model/x' }, { path: 'srv/model/y' }],
      remarks: [expect.stringContaining('2 absolute paths')],
    });
    expect(read(`${a}  -`)).toMatchObject({ files: [{ path: '.' }], remarks: [expect.stringContaining('standard')] });
  });

  it('refuses what is not UTF-8, and what is too much', () => {
    expect(() => readHashList(new Uint8Array([0xff, 0xfe, 0x61]))).toThrow(/UTF-8/);
    expect(() => readHashList(bytes(`${a}  x`), { maxBytes: 10 })).toThrow(/at most 10/);
    expect(() => readHashList(bytes(`${a}  x\n${b}  y`), { maxFiles: 1 })).toThrow(/more than 1 files/);
  });

  it('never throws anything but HashListError, whatever the bytes are', () => {
    const hostile = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.string({ unit: 'binary' }).map(bytes),
      fc.json().map(bytes),
      fc
        .array(fc.constantFrom('{', '[', '"', a, '  ', ' *', '\\', 'SHA256 (', ') = ', '\n', '..', '/', 'x', '\0', '#'))
        .map((parts) => bytes(parts.join(''))),
    );
    fc.assert(
      fc.property(hostile, (input) => {
        try {
          readHashList(input);
        } catch (error) {
          expect(error).toBeInstanceOf(HashListError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the real tools', () => {
  const names = ['plain.bin', 'two  spaces', 'new\nline', 'return\r', '(x) = y', ' leading', '*star', 'ünïcode'];
  const folder = mkdtempSync(join(tmpdir(), 'hash-list-'));
  for (const name of names) writeFileSync(join(folder, name), name);
  const expected = [...names].sort();

  for (const [tool, ...options] of [['sha256sum'], ['sha256sum', '--tag'], ['b2sum'], ['b2sum', '--tag']] as const) {
    it.skipIf(!isThere(tool))(`reads what ${[tool, ...options].join(' ')} writes of odd names`, () => {
      const output = execFileSync(tool, [...options, '--', ...names], { cwd: folder });
      const list = readHashList(output);
      expect(list.files.map(({ path: name }) => name)).toEqual(expected);
      expect(list.hashType).toBe(tool === 'b2sum' ? 'blake2b' : 'sha256');
    });
  }

  function isThere(tool: string): boolean {
    try {
      execFileSync(tool, ['--version'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  }
});
