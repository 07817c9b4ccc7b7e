import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { readCertificate } from '#lib/watch/certificate.ts';
import { NameTag } from '#lib/watch/certificate-walk.ts';
import { DerError, Tag } from '#lib/watch/der.ts';
import {
  type CertificateParts,
  certificate,
  dns,
  element,
  email,
  extension,
  fulcio,
  name,
  oid,
  otherName,
  sequence,
  uri,
} from './der-builder.ts';
import { ISSUED, issued } from './fixtures.ts';

const ISSUER = 'https://issuer.example';
const issuers = [fulcio(1, ISSUER), fulcio(8, ISSUER)];
const read = (parts: CertificateParts) => readCertificate(certificate(parts));

describe('certificates that Fulcio issued', () => {
  it.each([
    [
      'actions',
      'uri',
      'https://github.com/acme/models/.github/workflows/release.yml@refs/tags/v1.2.0',
      'http://127.0.0.1:38001/actions',
      22,
    ],
    ['email', 'email', 'alice@example.com', 'http://127.0.0.1:38001', 3],
    [
      'gitlab',
      'uri',
      'https://gitlab.com/acme/models//.gitlab-ci.yml@refs/heads/main',
      'http://127.0.0.1:38001/gitlab',
      17,
    ],
  ] as const)('%s: read whole, and nothing odd about it', (file, type, value, issuer, extensions) => {
    const facts = readCertificate(issued(file));
    expect(facts.sans).toEqual([{ type, value, raw: Buffer.from(value).toString('hex'), anomalies: [] }]);
    expect(facts.issuer).toEqual({ raw: issuer, utf8: issuer, value: issuer, conflict: false });
    expect(facts.extensions).toHaveLength(extensions);
    expect(facts.issuerName).toBe('CN=sigstore-stack-intermediate,O=stack.localhost');
    expect(facts.anomalies).toEqual([]);
  });

  it('gives every extension by name, its value bare', () => {
    const { extensions } = readCertificate(issued('actions'));
    const values = Object.fromEntries(extensions.map((fact) => [fact.name, fact.value]));
    expect(values).toMatchObject({
      'github-workflow-repository': 'acme/models',
      'source-repository-uri': 'https://github.com/acme/models',
      'source-repository-identifier': '174148773',
      'runner-environment': 'github-hosted',
      'token-subject': 'repo:acme/models:ref:refs/tags/v1.2.0',
    });
  });

  it.each(ISSUED)('%s: the same as Node reads it, and the public key where it stands', (file) => {
    expectAgreement(issued(file));
  });

  it('can be stored as JSON and come back the same', () => {
    const facts = readCertificate(issued('actions'));
    expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
  });
});

describe('a second parser', () => {
  let x509: typeof import('@peculiar/x509');
  let keys: CryptoKeyPair;

  beforeAll(async () => {
    // The library's container asks for the metadata part of Reflect, and is content with none.
    Object.assign(Reflect, {
      getMetadata: () => undefined,
      getOwnMetadata: () => undefined,
      defineMetadata: () => undefined,
    });
    x509 = await import('@peculiar/x509');
    keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  });

  const printable = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_.+/:@!~ '), minLength: 1, maxLength: 60 });
  const host = fc.domain();
  const alternativeName = fc.oneof(
    fc.record({
      type: fc.constant('email' as const),
      value: fc.tuple(printable, host).map((parts) => parts.join('@')),
    }),
    fc.record({
      type: fc.constant('url' as const),
      value: fc.tuple(host, printable).map(([at, path]) => `https://${at}/${path}`),
    }),
    fc.record({ type: fc.constant('dns' as const), value: host }),
    fc.record({ type: fc.constant('ip' as const), value: fc.ipV4() }),
  );
  const extensionValue = fc.record({
    number: fc.integer({ min: 1, max: 60 }),
    value: fc.string({ unit: 'grapheme', maxLength: 150 }),
  });
  const second = fc.integer({ min: Date.UTC(1950, 0, 1) / 1000, max: Date.UTC(2200, 0, 1) / 1000 });
  const attribute = fc
    .string({ unit: fc.constantFrom(...'abcXYZ 019é'), minLength: 1, maxLength: 20 })
    .map((text) => `x${text}x`);

  it('reads the certificates it made as we do: names, issuer, validity, key, extensions', async () => {
    const parts = fc.record({
      names: fc.array(alternativeName, { minLength: 1, maxLength: 4 }),
      extensions: fc.uniqueArray(extensionValue, { maxLength: 8, selector: ({ number }) => number }),
      notBefore: second,
      notAfter: second,
      serialNumber: fc.stringMatching(/^[1-7][0-9a-f]{9,30}$/).filter((hex) => hex.length % 2 === 0),
      organisation: attribute,
    });
    await fc.assert(
      fc.asyncProperty(parts, async ({ names, extensions, notBefore, notAfter, serialNumber, organisation }) => {
        const made = await x509.X509CertificateGenerator.createSelfSigned({
          name: [{ CN: ['authority.example'] }, { O: [organisation] }],
          serialNumber,
          notBefore: new Date(notBefore * 1000),
          notAfter: new Date(notAfter * 1000),
          keys,
          signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
          extensions: [
            new x509.SubjectAlternativeNameExtension(names),
            ...extensions.map(({ number, value }) => {
              const content = number < 8 ? Buffer.from(value) : element(Tag.utf8String, value);
              return new x509.Extension(`1.3.6.1.4.1.57264.1.${number}`, false, new Uint8Array(content));
            }),
          ],
        });
        const der = new Uint8Array(made.rawData);
        const theirs = new x509.X509Certificate(der);
        const ours = readCertificate(der);
        const theirNames = theirs.getExtension(x509.SubjectAlternativeNameExtension)?.names.items ?? [];
        expect(ours.sans.map(({ raw, type }) => `${type} ${type === 'ip' ? raw : Buffer.from(raw, 'hex')}`)).toEqual(
          theirNames.map(
            ({ type, value }) => `${type === 'url' ? 'uri' : type} ${type === 'ip' ? ipHex(value) : value}`,
          ),
        );
        expect(ours.serial).toBe(theirs.serialNumber);
        expect([ours.notBefore, ours.notAfter]).toEqual([theirs.notBefore.getTime(), theirs.notAfter.getTime()]);
        expect(ours.issuerName).toBe(`O=${organisation},CN=authority.example`);
        expect(Buffer.from(der.subarray(ours.spki.from, ours.spki.to))).toEqual(Buffer.from(theirs.publicKey.rawData));
        const theirExtensions = theirs.extensions.filter(({ type }) => type.startsWith('1.3.6.1.4.1.57264.1.'));
        expect(ours.extensions.map(({ oid: type, raw }) => `${type} ${raw}`)).toEqual(
          theirExtensions.map(({ type, value }) => `${type} ${Buffer.from(value).toString('hex')}`),
        );
        expectAgreement(der);
      }),
      { numRuns: 60 },
    );
  });
});

describe('certificates that no authority would issue', () => {
  it('are read by Node as well: the tests build what other programs would accept', () => {
    const all = [email('a\0b@x.example'), uri('https://x.example'), dns('x.example'), otherName('user!x.example')];
    const der = certificate({ sans: all, extensions: [...issuers, fulcio(12, 'https://x.example')] });
    expect(() => new X509Certificate(der)).not.toThrow();
    expectAgreement(der);
  });

  it('keeps the high bit: 0xE1 is not "a"', () => {
    const [san] = read({ sans: [email(Uint8Array.of(0xe1, ...Buffer.from('lice@x.example')))] }).sans;
    expect(san).toMatchObject({ value: '\\xe1lice@x.example', raw: expect.stringMatching(/^e1/) });
    expect(san?.anomalies).toEqual(['The name has bytes that its type does not allow (not ASCII).']);
  });

  it('tells of a NUL, and shows all of the value', () => {
    const [san] = read({ sans: [email('alice@x.example\0.evil.example')] }).sans;
    expect(san?.value).toBe('alice@x.example\\u{0}.evil.example');
    expect(san?.anomalies).toEqual(['The name contains a NUL; some programs read only what precedes it.']);
  });

  it('reads a user name in an OtherName, its type and its string', () => {
    const [san] = read({ sans: [otherName('release-bot!models.example')] }).sans;
    expect(san).toEqual({
      type: 'other-name',
      oid: '1.3.6.1.4.1.57264.1.7',
      value: 'release-bot!models.example',
      raw: Buffer.from('release-bot!models.example').toString('hex'),
      anomalies: [],
    });
  });

  it('tells of an OtherName of another type, and of one in another script', () => {
    const facts = read({ sans: [otherName('user', '1.3.6.1.4.1.311.20.2.3'), otherName('аlice!x.example')] });
    expect(facts.sans[0]?.anomalies).toEqual([
      'The name is of a type that Fulcio does not use (1.3.6.1.4.1.311.20.2.3).',
    ]);
    expect(facts.sans[1]?.anomalies).toEqual(['The name is not ASCII.']);
  });

  it('reads all nine kinds of name', () => {
    const facts = read({
      sans: [
        otherName('user!x.example'),
        email('a@x.example'),
        dns('x.example'),
        element(NameTag.x400Address, sequence()),
        element(NameTag.directoryName, name(['2.5.4.10', 'Example, Inc.'], ['2.5.4.3', 'bot'])),
        element(NameTag.ediPartyName, element(0xa1, 'x')),
        uri('https://x.example'),
        element(NameTag.ipAddress, Uint8Array.of(192, 0, 2, 1)),
        element(NameTag.ipAddress, Buffer.from('20010db8000000000000000000000001', 'hex')),
        element(NameTag.registeredId, oid('1.2.3.4').subarray(2)),
      ],
    });
    expect(facts.sans.map(({ type, value }) => `${type} ${value}`)).toEqual([
      'other-name user!x.example',
      'email a@x.example',
      'dns x.example',
      'x400 #3000',
      'directory-name CN=bot,O=Example\\, Inc.',
      'edi #a10178',
      'uri https://x.example',
      'ip 192.0.2.1',
      'ip 2001:db8:0:0:0:0:0:1',
      'registered-id 1.2.3.4',
    ]);
    expect(facts.anomalies).toContain('The certificate names 10 identities; Fulcio writes one.');
  });

  it('tells of no identity, and of no issuer', () => {
    expect(read({}).anomalies).toEqual([
      'The certificate names no identity.',
      'The certificate names no OpenID Connect issuer.',
    ]);
  });

  it('tells of issuers that differ, and shows the newer encoding', () => {
    const facts = read({
      sans: [email('a@x.example')],
      extensions: [fulcio(1, 'https://a.example'), fulcio(8, 'https://b.example')],
    });
    expect(facts.issuer).toEqual({
      raw: 'https://a.example',
      utf8: 'https://b.example',
      value: 'https://b.example',
      conflict: true,
    });
    expect(facts.anomalies).toEqual(['The certificate names different OpenID Connect issuers.']);
  });

  it('keeps every one of a repeated extension, and tells of it', () => {
    const facts = read({
      sans: [email('a@x.example')],
      extensions: [...issuers, fulcio(12, 'https://a.example'), fulcio(12, 'https://b.example')],
    });
    expect(facts.extensions.filter((fact) => fact.name === 'source-repository-uri').map((fact) => fact.value)).toEqual([
      'https://a.example',
      'https://b.example',
    ]);
    expect(facts.anomalies).toEqual(['The extension 1.3.6.1.4.1.57264.1.12 stands 2 times; one is allowed.']);
  });

  it('reads a second list of alternative names too, and tells of it', () => {
    const facts = read({
      sans: [email('a@x.example')],
      extensions: [...issuers, extension('2.5.29.17', sequence(email('b@x.example')))],
    });
    expect(facts.sans.map((san) => san.value)).toEqual(['a@x.example', 'b@x.example']);
    expect(facts.anomalies).toContain('The extension 2.5.29.17 stands 2 times; one is allowed.');
  });

  it('tells of an extension in the wrong encoding, and shows its bytes', () => {
    const facts = read({ sans: [email('a@x.example')], extensions: [extension('1.3.6.1.4.1.57264.1.8', ISSUER)] });
    expect(facts.issuer.value).toBe(ISSUER);
    expect(facts.anomalies).toEqual(['The extension issuer-v2 is not a DER UTF8String.']);
  });

  it('keeps an extension that has no name yet', () => {
    const facts = read({ sans: [email('a@x.example')], extensions: [...issuers, fulcio(99, 'new')] });
    expect(facts.extensions.at(-1)).toMatchObject({ oid: '1.3.6.1.4.1.57264.1.99', name: null, value: 'new' });
  });

  it('writes names in the manner of RFC 4514, and what is no string as hex', () => {
    const rdn = element(
      Tag.set,
      sequence(oid('2.5.4.3'), element(Tag.bmpString, Uint8Array.of(0, 0x61, 0x20, 0x2e))),
      sequence(oid('2.5.4.97'), element(Tag.integer, Uint8Array.of(5))),
    );
    const subject = sequence(
      rdn,
      element(Tag.set, sequence(oid('1.2.3'), element(Tag.teletexString, Uint8Array.of(0xe9)))),
    );
    expect(read({ subject }).subjectName).toBe('1.2.3=é,CN=a\\u{202e}+organizationIdentifier=#020105');
  });

  it('says so where subject or validity are none, and reads the rest', () => {
    const facts = read({
      sans: [email('a@x.example')],
      subject: sequence(oid('1.2.3')),
      validity: sequence(element(Tag.utcTime, '2601010000Z')),
    });
    expect(facts).toMatchObject({ subjectName: '#06022a03', notBefore: null, notAfter: null });
    expect(facts.anomalies.slice(0, 2)).toEqual([
      'The validity is not two times.',
      'The subject is not a distinguished name.',
    ]);
    expect(facts.sans).toHaveLength(1);
  });
});

describe('what is no certificate', () => {
  const good = certificate({ sans: [email('a@x.example')] });

  it.each([
    ['nothing', new Uint8Array()],
    ['text', Buffer.from('-----BEGIN CERTIFICATE-----')],
    ['a certificate cut short', good.subarray(0, -1)],
    ['a certificate with a byte after it', Buffer.concat([good, Uint8Array.of(0)])],
    ['an unknown kind of name', certificate({ sans: [element(0x89, 'a@x.example')] })],
    ['a constructed e-mail name', certificate({ sans: [element(0xa1, 'a@x.example')] })],
    ['an OtherName without a value', certificate({ sans: [element(NameTag.otherName, oid('1.2.3'))] })],
    [
      'alternative names that are no sequence',
      certificate({ extensions: [extension('2.5.29.17', email('a@x.example'))] }),
    ],
    [
      'bytes after the alternative names',
      certificate({ extensions: [extension('2.5.29.17', Buffer.concat([sequence(), sequence()]))] }),
    ],
    ['more bytes than any certificate has', certificate({ sans: [email('a'.repeat(131_072))] })],
  ])('is refused with the walker’s error: %s', (_, bytes) => {
    expect(() => readCertificate(bytes)).toThrow(DerError);
  });

  it('is refused with that error whatever was done to it', () => {
    const change = fc.record({ at: fc.nat({ max: good.length - 1 }), octet: fc.integer({ min: 0, max: 255 }) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 4 }), (changes) => {
        const bytes = Uint8Array.from(good);
        for (const { at, octet } of changes) bytes[at] = octet;
        try {
          readCertificate(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(DerError);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

/** Serial, validity, key and the count of names must be what OpenSSL, through Node, makes of the same bytes. */
function expectAgreement(der: Uint8Array): void {
  const theirs = new X509Certificate(der);
  const ours = readCertificate(der);
  expect(BigInt(`0x${ours.serial}`)).toBe(BigInt(`0x${theirs.serialNumber}`));
  expect(ours.notBefore).toBe(theirs.validFromDate.getTime());
  expect(ours.notAfter).toBe(theirs.validToDate.getTime());
  const spki = theirs.publicKey.export({ type: 'spki', format: 'der' });
  expect(Buffer.from(der.subarray(ours.spki.from, ours.spki.to))).toEqual(spki);
}

function ipHex(address: string): string {
  return Buffer.from(address.split('.').map(Number)).toString('hex');
}
