import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTlogProof, TlogProofError } from '#lib/cli/tlog-proof.ts';
import { formatTlogProof } from '#lib/provenance/tlog-proof.ts';

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
const NOTE = 'log.example\n7\nAAAA\n\n— log.example AAAA\n';

const bytes = (text: string) => Buffer.from(text);
const PROOF = formatTlogProof(3, new Uint8Array(64), NOTE);

describe('parseTlogProof', () => {
  it('reads every proof that the event page writes', () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(hash, { maxLength: 53 }), (index, hashes) => {
        const proof = parseTlogProof(bytes(formatTlogProof(index, Buffer.concat(hashes), NOTE)));
        expect(proof.index).toBe(index);
        expect(proof.hashes.map((each) => Buffer.from(each))).toEqual(hashes.map((each) => Buffer.from(each)));
        expect(Buffer.from(proof.checkpoint).toString()).toBe(NOTE);
      }),
    );
  });

  it('passes over an extra line, which proves nothing', () => {
    const proof = parseTlogProof(bytes(PROOF.replace('\n', '\nextra Zm9v\n')));
    expect(proof.index).toBe(3);
    expect(proof.hashes).toHaveLength(2);
  });

  it.each([
    ['another first line', PROOF.replace('@v1', '@v2'), 'first line'],
    ['no index', PROOF.replace('index 3\n', ''), 'index'],
    ['an index with a leading zero', PROOF.replace('index 3', 'index 03'), 'index'],
    ['an index past 2^53', PROOF.replace('index 3', 'index 9007199254740993'), 'index'],
    ['a short hash', PROOF.replace(/A{43}=/, 'AAAA'), 'Hash 1'],
    ['a hash with stray bits', PROOF.replace(/A{43}=/, `${'A'.repeat(42)}B=`), 'Hash 1'],
    ['carriage returns', PROOF.replaceAll('\n', '\r\n'), 'empty line'],
    ['two extra lines', PROOF.replace('\n', '\nextra Zm9v\nextra Zm9v\n'), 'index'],
    ['too many hashes', formatTlogProof(3, new Uint8Array(65 * 32), NOTE), '65 hashes'],
    ['nothing', '', 'empty line'],
  ])('refuses %s', (_, text, message) => {
    expect(() => parseTlogProof(bytes(text))).toThrow(TlogProofError);
    expect(() => parseTlogProof(bytes(text))).toThrow(message);
  });

  it('refuses any bytes with a TlogProofError, and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.nat(PROOF.length), (noise, at) => {
        const mutated = Buffer.concat([bytes(PROOF).subarray(0, at), noise, bytes(PROOF).subarray(at + noise.length)]);
        try {
          parseTlogProof(mutated);
        } catch (error) {
          expect(error).toBeInstanceOf(TlogProofError);
        }
      }),
    );
  });
});
