import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMerkleLeaf } from '#lib/ct/merkle-leaf.ts';
import { readCertificate } from '#lib/watch/certificate.ts';
import { DerCursor, DerError, Tag } from '#lib/watch/der.ts';
import { normaliseTbs } from '#lib/watch/normalised-tbs.ts';
import { compileRules } from '#lib/watch/rule.ts';
import { digest, RECORDED } from '#test/support/recorded-ct.ts';
import { certificate, email, extension, fulcio } from './der-builder.ts';
import { ISSUED, issued } from './fixtures.ts';

const SCTS = '1.3.6.1.4.1.11129.2.4.2';
const POISON = '1.3.6.1.4.1.11129.2.4.3';
const scts = extension(SCTS, Buffer.from('04020000', 'hex'));
const poison = extension(POISON, Buffer.from('0500', 'hex'));
const sans = [email('alice@example.com')];

const normal = (der: Uint8Array) => digest(normaliseTbs(der, 'certificate'));

/** The first element within. */
function tbsOf(der: Uint8Array): Uint8Array {
  const cursor = new DerCursor().reset(der);
  cursor.open(Tag.sequence);
  cursor.next();
  return der.slice(cursor.start, cursor.to);
}

describe('normaliseTbs', () => {
  it('gives the same for each recorded certificate as for what the certificate log holds of it', () => {
    const logged = new Set(RECORDED.leaves.map((leaf) => digest(normaliseTbs(parseMerkleLeaf(leaf).der, 'tbs'))));
    expect(logged.size).toBe(70);
    expect(RECORDED.certificates.length).toBe(20);
    for (const der of RECORDED.certificates) expect(logged).toContain(normal(der));
  });

  it('changes nothing of what a certificate log holds of a precertificate', () => {
    for (const leaf of RECORDED.leaves) {
      const { der } = parseMerkleLeaf(leaf);
      expect(Buffer.from(normaliseTbs(der, 'tbs'))).toEqual(Buffer.from(der));
    }
  });

  it('leaves out the list of SCTs and the poison wherever they stand, and nothing else', () => {
    const others = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 30 }), fc.string({ maxLength: 200 })).map(([n, value]) => fulcio(n, value)),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(others, fc.nat(), fc.constantFrom(scts, poison), (extensions, at, added) => {
        const put = [...extensions];
        put.splice(at % (put.length + 1), 0, added);
        const bare = certificate({ sans, extensions });
        expect(normal(certificate({ sans, extensions: put }))).toBe(normal(bare));
        expect(Buffer.from(normaliseTbs(bare, 'certificate'))).toEqual(Buffer.from(tbsOf(bare)));
        expect(normal(certificate({ sans, extensions: [...extensions, fulcio(31, 'x')] }))).not.toBe(normal(bare));
      }),
    );
  });

  it('tells extensions of other numbers from those of transparency', () => {
    const bare = normal(certificate({ sans }));
    for (const number of ['1.3.6.1.4.1.11129.2.4.1', '1.3.6.1.4.1.11129.2.4.4', '1.3.6.1.4.1.11129.2.5.2']) {
      expect(normal(certificate({ sans, extensions: [extension(number, 'x')] }))).not.toBe(bare);
    }
  });

  it('refuses what is no certificate, and never fails in another way', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom('certificate' as const, 'tbs' as const),
        (bytes, form) => {
          try {
            normaliseTbs(bytes, form);
          } catch (error) {
            expect(error).toBeInstanceOf(DerError);
          }
        },
      ),
    );
    const whole = certificate({ sans, extensions: [scts] });
    fc.assert(
      fc.property(fc.nat(), (at) => {
        expect(() => normaliseTbs(whole.subarray(0, at % whole.length), 'certificate')).toThrow(DerError);
      }),
    );
    expect(() => normaliseTbs(Buffer.concat([whole, Buffer.from([0])]), 'certificate')).toThrow(DerError);
    expect(() => normaliseTbs(Buffer.concat([tbsOf(whole), Buffer.from([0])]), 'tbs')).toThrow(DerError);
  });
});

describe('a TBSCertificate', () => {
  const rules = compileRules([
    { name: 'alice', own: true, identity: { exact: 'alice@example.com' } },
    { name: 'issuer', own: false, issuer: { glob: 'https://**' } },
  ]);

  it('says and matches the same as the certificate around it', () => {
    const all = [...ISSUED.map(issued), certificate({ sans, extensions: [fulcio(8, 'https://issuer.example')] })];
    for (const whole of all) {
      const tbs = tbsOf(whole);
      const { spki, ...facts } = readCertificate(whole);
      const { spki: ofTbs, ...factsOfTbs } = readCertificate(tbs, 'tbs');
      expect(factsOfTbs).toEqual(facts);
      expect(Buffer.from(tbs.subarray(ofTbs.from, ofTbs.to))).toEqual(Buffer.from(whole.subarray(spki.from, spki.to)));
      expect(rules.matchCertificate(tbs, [], 'tbs')).toEqual(rules.matchCertificate(whole));
    }
  });

  it('is not taken for a certificate, nor the other way round', () => {
    const whole = certificate({ sans });
    expect(rules.matchCertificate(whole, [], 'tbs')).toHaveProperty('undecided');
    expect(rules.matchCertificate(tbsOf(whole))).toHaveProperty('undecided');
  });
});
