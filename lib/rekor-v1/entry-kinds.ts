import type { DecodedEntry, EntryDigest, EntrySignature } from '#lib/rekor/entry.ts';
import { findVerifiers } from './find-verifiers.ts';
import { type FoundVerifier, readPem } from './pem.ts';

/** What is read of an entry's spec, the digest that it is about first. */
export type EntryContent = Pick<DecodedEntry, 'digests' | 'signatures'>;
type Spec = Readonly<Record<string, unknown>>;

const MAX_SIGNATURES = 32;
const HEX_DIGITS = { sha256: 64, sha384: 96, sha512: 128 } as const;

/**
 * Reads the spec of a kind that says who signed; null for any other kind.
 *
 * @throws {Error} saying what is not as that kind has it.
 */
export function readStated(kind: string, spec: Spec): EntryContent | null {
  switch (kind) {
    case 'hashedrekord 0.0.1':
      return readHashedRekord(spec);
    case 'dsse 0.0.1':
      return readDsse(spec);
    case 'intoto 0.0.1':
      return readIntotoV1(spec);
    case 'intoto 0.0.2':
      return readIntotoV2(spec);
    case 'rekord 0.0.1':
      return readRekord(spec);
    default:
      return null;
  }
}

/** What stands in an entry of another kind. @throws {Error} where there is neither certificate nor key. */
export function readFound(spec: Spec): EntryContent {
  const signatures = findVerifiers(spec).map((verifier) => signatureBy(verifier, null));
  if (signatures.length === 0) throw new Error('of this kind only certificates and keys are read, and there is none');
  return { digests: findDigests(spec), signatures };
}

function readHashedRekord(spec: Spec): EntryContent {
  const signature = readMap(spec.signature, 'signature');
  return {
    digests: [readDigest(readMap(spec.data, 'data').hash, 'data.hash', 'signed')],
    signatures: [
      signatureBy(
        readVerifier(readMap(signature.publicKey, 'signature.publicKey').content),
        text(signature.content, 'signature'),
      ),
    ],
  };
}

function readDsse(spec: Spec): EntryContent {
  return {
    digests: [
      readDigest(spec.payloadHash, 'payloadHash', 'payload'),
      readDigest(spec.envelopeHash, 'envelopeHash', 'envelope'),
    ],
    signatures: readSignatures(spec.signatures, ({ verifier, signature }) =>
      signatureBy(readVerifier(verifier), text(signature, 'signature')),
    ),
  };
}

/** Holds neither envelope nor signature, only the key. */
function readIntotoV1(spec: Spec): EntryContent {
  const content = readMap(spec.content, 'content');
  return { digests: intotoDigests(content), signatures: [signatureBy(readVerifier(spec.publicKey), null)] };
}

function readIntotoV2(spec: Spec): EntryContent {
  const content = readMap(spec.content, 'content');
  const envelope = readMap(content.envelope, 'content.envelope');
  return {
    digests: intotoDigests(content),
    // This kind has its signature in base64 twice.
    signatures: readSignatures(envelope.signatures, ({ publicKey, sig }) =>
      signatureBy(readVerifier(publicKey), base64(sig, 'sig').toString('latin1')),
    ),
  };
}

/** Old entries lack one of the two. */
function intotoDigests({ payloadHash, hash }: Spec): EntryDigest[] {
  return [
    ...(payloadHash === undefined ? [] : [readDigest(payloadHash, 'content.payloadHash', 'payload')]),
    ...(hash === undefined ? [] : [readDigest(hash, 'content.hash', 'envelope')]),
  ];
}

function readRekord(spec: Spec): EntryContent {
  const signature = readMap(spec.signature, 'signature');
  const format = text(signature.format, 'signature.format');
  const isX509 = format === 'x509';
  const key = readMap(signature.publicKey, 'signature.publicKey').content;
  // Keys of PGP, minisign and SSH are kept as they are; what they sign is not the digest alone.
  const verifier = isX509
    ? readVerifier(key)
    : ({ form: 'public-key', bytes: base64(key, 'publicKey'), keyDetails: format.slice(0, 32) } as const);
  return {
    digests: [readDigest(readMap(spec.data, 'data').hash, 'data.hash', isX509 ? 'signed' : 'artifact')],
    signatures: [signatureBy(verifier, text(signature.content, 'signature.content'))],
  };
}

function readSignatures(value: unknown, read: (signature: Spec) => EntrySignature): EntrySignature[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_SIGNATURES) {
    throw new Error(`its signatures are not a list of 1 to ${MAX_SIGNATURES}`);
  }
  return value.map((signature) => read(readMap(signature, 'a signature')));
}

/** Certificates and keys are base64 of PEM; the first of a chain is the signer's. */
function readVerifier(value: unknown): FoundVerifier {
  return readPem(base64(value, 'its certificate or key').toString('latin1'))[0];
}

function signatureBy({ form, bytes, keyDetails }: FoundVerifier, signature: string | null): EntrySignature {
  if (signature !== null) base64(signature, 'its signature');
  return { form, verifier: bytes.toString('base64'), keyDetails, signature: signature ?? '' };
}

function readDigest(value: unknown, at: string, of: EntryDigest['of']): EntryDigest {
  const digest = asDigest(value, of);
  if (!digest) throw new Error(`${at} is no SHA-2 digest in hex`);
  return digest;
}

function asDigest(value: unknown, of: EntryDigest['of']): EntryDigest | null {
  if (typeof value !== 'object' || value === null) return null;
  const { algorithm, value: hex } = value as { algorithm?: unknown; value?: unknown };
  if (algorithm !== 'sha256' && algorithm !== 'sha384' && algorithm !== 'sha512') return null;
  if (typeof hex !== 'string' || hex.length !== HEX_DIGITS[algorithm] || !/^[0-9a-f]+$/.test(hex)) return null;
  return { of, algorithm, digest: Buffer.from(hex, 'hex').toString('base64') };
}

const MOST_DIGESTS = 16;
const NAMED: Readonly<Record<string, EntryDigest['of']>> = { payloadHash: 'payload', envelopeHash: 'envelope' };

function findDigests(value: unknown, key = ''): EntryDigest[] {
  if (typeof value !== 'object' || value === null) return [];
  const digest = asDigest(value, NAMED[key] ?? 'artifact');
  if (digest) return [digest];
  return Object.entries(value)
    .flatMap(([name, element]) => findDigests(element, name))
    .slice(0, MOST_DIGESTS);
}

function readMap(value: unknown, at: string): Spec {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Spec;
  throw new Error(`${at} is not an object`);
}

function text(value: unknown, at: string): string {
  if (typeof value === 'string') return value;
  throw new Error(`${at} is not a text`);
}

function base64(value: unknown, at: string): Buffer {
  const encoded = text(value, at);
  const bytes = Buffer.from(encoded, 'base64');
  if (encoded === '' || bytes.toString('base64') !== encoded) throw new Error(`${at} is not canonical base64`);
  return bytes;
}
