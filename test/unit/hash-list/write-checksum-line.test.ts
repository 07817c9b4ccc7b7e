import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checksumLine } from '#lib/hash-list/write-checksum-line.ts';

const digest = 'ab'.repeat(32);
const line = (name: string, isTagged = false) => checksumLine({ name, digest }, 'sha256', isTagged);

describe('a line of checksums', () => {
  it('has the form of sha256sum, and with --tag that of BSD', () => {
    expect(line('a/b c')).toBe(`${digest}  a/b c`);
    expect(line('a/b c', true)).toBe(`SHA256 (a/b c) = ${digest}`);
    expect(checksumLine({ name: 'a', digest }, 'blake2b', true)).toBe(`BLAKE2b (a) = ${digest}`);
    expect(checksumLine({ name: 'a', digest }, 'blake3', true)).toBe(`BLAKE3 (a) = ${digest}`);
  });

  it('marks escaped names before the line', () => {
    expect(line('a\\b\nc\rd')).toBe(`\\${digest}  a\\\\b\\nc\\rd`);
    expect(line('a\nb', true)).toBe(`\\SHA256 (a\\nb) = ${digest}`);
  });

  it('never writes a name that means standard input', () => {
    expect(line('-')).toBe(`${digest}  ./-`);
    expect(line('-x')).toBe(`${digest}  -x`);
  });

  it('is always one line, from which the name can be had again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), fc.boolean(), (name, isTagged) => {
        const written = line(name, isTagged);
        expect(written).not.toMatch(/[\r\n]/);
        const isEscaped = written.startsWith('\\');
        const rest = isEscaped ? written.slice(1) : written;
        const shown = isTagged ? rest.slice('SHA256 ('.length, -`) = ${digest}`.length) : rest.slice(digest.length + 2);
        const meant: Record<string, string> = { '\\\\': '\\', '\\n': '\n', '\\r': '\r' };
        const read = isEscaped ? shown.replaceAll(/\\[\\nr]/g, (pair) => meant[pair] ?? pair) : shown;
        expect(read).toBe(name === '-' ? './-' : name);
      }),
    );
  });
});
