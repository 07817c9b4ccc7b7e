import { createHash, generateKeyPairSync, type KeyObject, sign, X509Certificate } from 'node:crypto';
import { modelStatement } from '#lib/model-signing/payload.ts';
import { readBundle } from '#lib/sigstore/bundle.ts';
import {
  parseTrustedAuthority,
  parseTrustedKey,
  type TrustedAuthority,
  type TrustedKey,
} from '#lib/sigstore/operator-trust.ts';
import { preAuthEncoding } from '#lib/sigstore/pae.ts';
import { signModel } from '#lib/sigstore/sign-model.ts';
import { element, extension, oid, sequence } from '#test/unit/watch/der-builder.ts';
import type { Json } from './mint-bundle.ts';
import {
  CA_EXTENSIONS,
  CODE_SIGNING,
  common,
  type Issuer,
  type KeyPair,
  mintCertificate,
  mintKey,
  T0,
} from './mint-certificate.ts';

const DAY = 86_400_000;
const YEAR = 365 * DAY;
export const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The statement of a model of two files. */
export function mintStatement(): Uint8Array {
  return modelStatement({
    name: 'northwind',
    hashType: 'sha256',
    shardSize: null,
    allowSymlinks: false,
    resources: ['a', 'b'].map((name) => ({ name, algorithm: 'sha256', digest: digestOf(name) })),
    ignorePaths: [],
  });
}

/** A statement as model_signing 0.2 wrote it: one subject a file. */
export function mintDigestsStatement(names: readonly string[] = ["it's", 'b"é']): Buffer {
  const subject = names.map((name) => ({
    name,
    digest: { sha256: digestOf(name) },
    annotations: { actual_hash_algorithm: 'file-sha256' },
  }));
  return Buffer.from(
    JSON.stringify({
      _type: 'https://in-toto.io/Statement/v1',
      subject,
      predicateType: 'https://model_signing/Digests/v0.1',
      predicate: { unused: 'Unused, just passed due to API requirements' },
    }),
  );
}

export function keySigner(namedCurve = 'P-256') {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  return { method: 'key', privateKey, publicKey } as const;
}

export function trustKey(name: string, key: KeyObject): TrustedKey {
  return parseTrustedKey(name, key.export({ type: 'spki', format: 'pem' }).toString());
}

export const parse = (json: Json | string) =>
  readBundle(Buffer.from(typeof json === 'string' ? json : JSON.stringify(json)));

/** A bundle as it is read, for changing it. */
export const keyBundle = (signer = keySigner()): Json => JSON.parse(signModel(mintStatement(), signer));

/** An envelope over any payload, signed by the caller's wish. */
export function envelope(payload: Uint8Array, signature: Buffer, material: object, keyid?: string | null): Json {
  return {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: material,
    dsseEnvelope: {
      payload: Buffer.from(payload).toString('base64'),
      payloadType: PAYLOAD_TYPE,
      signatures: [{ sig: signature.toString('base64'), ...(keyid !== undefined && { keyid }) }],
    },
  };
}

export const signPae = (hash: string, payload: Uint8Array, key: KeyObject): Buffer =>
  sign(hash, preAuthEncoding(PAYLOAD_TYPE, payload), key);

export const keyUsage = (bits: number, unused: number): Uint8Array =>
  extension('2.5.29.15', element(0x03, Uint8Array.of(unused, bits)));
export const purpose = (...oids: readonly string[]): Uint8Array =>
  extension('2.5.29.37', sequence(...oids.map((text) => oid(text))));
export const SIGNER_EXTENSIONS = [keyUsage(0x80, 7), purpose(CODE_SIGNING)];

interface CertificateWish {
  readonly subject?: string;
  readonly extensions?: readonly Uint8Array[];
  readonly from?: number;
  readonly to?: number;
}

/** An authority of an organisation's own: a root, an intermediate, and signers below it. */
export class MintedAuthority {
  readonly root: Issuer & { readonly certificate: X509Certificate };
  readonly intermediate: Issuer & { readonly certificate: X509Certificate };

  constructor(wish: { readonly intermediate?: CertificateWish } = {}) {
    const root = { key: mintKey(), name: common('own root') };
    this.root = { ...root, certificate: this.issue(root, root, { extensions: CA_EXTENSIONS }) };
    const intermediate = { key: mintKey(), name: common('own intermediate') };
    const certificate = this.issue(this.root, intermediate, { extensions: CA_EXTENSIONS, ...wish.intermediate });
    this.intermediate = { ...intermediate, certificate };
  }

  issue(
    issuer: Issuer,
    subject: Issuer,
    { extensions = [], from = T0 - YEAR, to = T0 + YEAR }: CertificateWish,
  ): X509Certificate {
    return new X509Certificate(
      mintCertificate({ subject: subject.name, key: subject.key, issuer, extensions, from, to }),
    );
  }

  signer(wish: CertificateWish = {}, issuer: Issuer = this.intermediate) {
    const key: KeyPair = mintKey();
    const subject = { key, name: common(wish.subject ?? 'release-bot') };
    const certificate = this.issue(issuer, subject, { extensions: SIGNER_EXTENSIONS, ...wish });
    return {
      method: 'certificate',
      privateKey: key.privateKey,
      certificate,
      chain: [this.intermediate.certificate],
    } as const;
  }

  trusted(name = 'own authority'): TrustedAuthority {
    return parseTrustedAuthority(name, this.root.certificate.toString());
  }
}

/** A bundle by certificate without the checks that a signer makes. */
export function certificateBundle(
  signer: ReturnType<MintedAuthority['signer']>,
  chain: readonly X509Certificate[] = signer.chain,
): Json {
  const payload = mintStatement();
  const certificates = [signer.certificate, ...chain].map(({ raw }) => ({ rawBytes: raw.toString('base64') }));
  return envelope(payload, signPae('sha256', payload, signer.privateKey), { x509CertificateChain: { certificates } });
}
