import { certificate, element, email, fulcio, otherName, sequence } from '#test/unit/watch/der-builder.ts';
import { hashedRekord } from './noise.ts';

/** An entry that a log took, honestly bound to its tree, and that must not stop whoever reads it. */
export interface HostileEntry {
  readonly name: string;
  /** What is in it, for people. */
  readonly holds: string;
  readonly bytes: Buffer;
  /** What it becomes: a match of the watched identity, undecided, or both. */
  readonly becomes: 'matched' | 'undecided' | 'undecided and matched';
}

export const WATCHED = 'release-bot@models.example';
const LONGEST = 65_535;

function signedBy(...sans: readonly Uint8Array[]): Buffer {
  return withCertificate(certificate({ sans, extensions: [fulcio(8, 'https://issuer.example')] }));
}

function withCertificate(der: Uint8Array): Buffer {
  return hashedRekord(`"x509Certificate":{"rawBytes":"${Buffer.from(der).toString('base64')}"}`);
}

/** Fills an entry up to the most bytes that one can have. */
function filled(start: string, end: string): Buffer {
  return Buffer.from(`${start}${'x'.repeat(LONGEST - start.length - end.length)}${end}`);
}

function nested(depth: number): Uint8Array {
  let der: Uint8Array = Buffer.alloc(0);
  for (let i = 0; i < depth; i++) der = sequence(der);
  return der;
}

const HONEST = hashedRekord(`"publicKey":{"rawBytes":"${Buffer.from('key').toString('base64')}"}`).toString();

export const HOSTILE_ENTRIES: readonly HostileEntry[] = [
  {
    name: 'nul-in-san',
    holds: 'a certificate whose name goes on behind a NUL',
    bytes: signedBy(email(`${WATCHED}\0.evil.example`)),
    becomes: 'matched',
  },
  {
    name: 'second-san',
    holds: 'a certificate with the watched name behind others',
    bytes: signedBy(email('stranger@evil.example'), email(WATCHED)),
    becomes: 'matched',
  },
  {
    name: 'watched-name-as-user-name',
    holds: "a certificate with the watched name in the form of Fulcio's user names",
    bytes: signedBy(otherName(WATCHED)),
    becomes: 'matched',
  },
  {
    name: 'unknown-kind',
    holds: 'an unknown kind that names the watched identity',
    bytes: Buffer.from(`{"apiVersion":"0.0.9","kind":"mystery","spec":{"who":"${WATCHED}"}}`),
    becomes: 'undecided and matched',
  },
  {
    name: 'known-kind-of-unknown-version',
    holds: 'a known kind in an unknown version',
    bytes: Buffer.from(HONEST.replace('0.0.2', '0.0.3')),
    becomes: 'undecided',
  },
  {
    name: 'longest-entry',
    holds: '65,535 bytes of an unknown kind',
    bytes: filled('{"apiVersion":"0.0.9","kind":"mystery","spec":"', '"}'),
    becomes: 'undecided',
  },
  { name: 'empty-entry', holds: 'nothing', bytes: Buffer.alloc(0), becomes: 'undecided' },
  {
    name: 'not-json',
    holds: 'bytes that are no JSON',
    bytes: Buffer.from([0xff, 0x00, 0x1b, 0x5b]),
    becomes: 'undecided',
  },
  {
    name: 'nested-json',
    holds: '30,000 nested arrays',
    bytes: Buffer.from('['.repeat(30_000) + ']'.repeat(30_000)),
    becomes: 'undecided',
  },
  {
    name: 'doubled-key',
    holds: 'a known kind with one key twice',
    bytes: Buffer.from(HONEST.replace('"kind":"hashedrekord"', '"kind":"hashedrekord","kind":"hashedrekord"')),
    becomes: 'undecided',
  },
  {
    name: 'hidden-in-base64',
    holds: 'the watched name in base64, in an unknown kind',
    bytes: Buffer.from(`{"kind":"mystery","spec":"${Buffer.from(`xx ${WATCHED} xx`).toString('base64')}"}`),
    becomes: 'undecided and matched',
  },
  {
    name: 'certificate-that-is-no-base64',
    holds: 'a certificate that is no base64',
    bytes: hashedRekord('"x509Certificate":{"rawBytes":"not base64!"}'),
    becomes: 'undecided',
  },
  {
    name: 'certificate-that-is-no-der',
    holds: 'a certificate that is no DER',
    bytes: withCertificate(Buffer.from('no certificate at all')),
    becomes: 'undecided',
  },
  {
    name: 'nested-der',
    holds: 'a certificate of 2,000 nested sequences',
    bytes: withCertificate(nested(2_000)),
    becomes: 'undecided',
  },
  {
    name: 'length-beyond-the-certificate',
    holds: 'a certificate whose length leads out of it',
    bytes: withCertificate(
      Buffer.concat([Buffer.from([0x30, 0x84, 0xff, 0xff, 0xff, 0xff]), element(0x02, Buffer.from([1]))]),
    ),
    becomes: 'undecided',
  },
];
