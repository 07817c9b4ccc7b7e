import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { preAuthEncoding } from '#lib/sigstore/pae.ts';
import { formatCheckpoint } from '#lib/tlog/checkpoint.ts';
import { hashLeaf, hashNode } from '#lib/tlog/hash.ts';
import { formatNote } from '#lib/tlog/note.ts';
import { email } from '#test/unit/watch/der-builder.ts';
import {
  CA_EXTENSIONS,
  common,
  type Issuer,
  type KeyPair,
  type LeafWish,
  mintCertificate,
  mintKey,
  mintLeaf,
  spkiOf,
  T0,
  TSA_EXTENSIONS,
} from './mint-certificate.ts';
import { mintTimestamp } from './mint-timestamp.ts';

const YEAR = 365 * 86_400_000;
const b64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

export const IDENTITY = 'release-bot@models.example';
export const OIDC_ISSUER = 'https://accounts.models.example';
export const V1_HOST = 'rekor1.models.example';
export const V2_ORIGIN = 'rekor2.models.example';

// biome-ignore lint/suspicious/noExplicitAny: mutations reach anywhere into a bundle's or a trust root's JSON.
export type Json = any;

/** A Sigstore of its own: authority, timestamp authority, certificate log, a Rekor v1 and a Rekor v2 log. */
export class MintedSigstore {
  readonly ca: Issuer = { key: mintKey(), name: common('models-intermediate') };
  readonly tsa: { readonly key: KeyPair; der: Buffer } = { key: mintKey(), der: Buffer.alloc(0) };
  readonly ctLog: KeyPair = mintKey();
  readonly v1: KeyPair = mintKey();
  readonly v2: KeyPair = generateKeyPairSync('ed25519');
  readonly trustedRoot: Json;

  constructor() {
    const root: Issuer = { key: mintKey(), name: common('models-root') };
    const years = { from: T0 - YEAR, to: T0 + 9 * YEAR };
    const rootDer = mintCertificate({
      subject: root.name,
      key: root.key,
      issuer: root,
      extensions: CA_EXTENSIONS,
      ...years,
    });
    const caDer = mintCertificate({
      subject: this.ca.name,
      key: this.ca.key,
      issuer: root,
      extensions: CA_EXTENSIONS,
      ...years,
    });
    const subject = common('models-tsa');
    this.tsa.der = mintCertificate({ subject, key: this.tsa.key, issuer: root, extensions: TSA_EXTENSIONS, ...years });
    const validFor = { start: new Date(T0 - YEAR).toISOString() };
    const log = (baseUrl: string, key: KeyPair, keyDetails: string, id = sha256(spkiOf(key))) => ({
      baseUrl,
      hashAlgorithm: 'SHA2_256',
      publicKey: { rawBytes: b64(spkiOf(key)), keyDetails, validFor },
      logId: { keyId: b64(id) },
    });
    const authority = (uri: string, ...chain: readonly Buffer[]) => ({
      subject: { organization: 'models.example', commonName: uri },
      uri,
      certChain: { certificates: chain.map((der) => ({ rawBytes: b64(der) })) },
      validFor,
    });
    this.trustedRoot = {
      mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
      tlogs: [
        log(`https://${V1_HOST}:3000`, this.v1, 'PKIX_ECDSA_P256_SHA_256'),
        log(`https://${V2_ORIGIN}`, this.v2, 'PKIX_ED25519', this.v2LogId()),
      ],
      certificateAuthorities: [authority('https://fulcio.models.example', caDer, rootDer)],
      ctlogs: [log('https://ct.models.example', this.ctLog, 'PKIX_ECDSA_P256_SHA_256')],
      timestampAuthorities: [authority('https://tsa.models.example', this.tsa.der, rootDer)],
    };
  }

  v2LogId(): Buffer {
    return sha256(Buffer.concat([Buffer.from(`${V2_ORIGIN}\n`), Buffer.of(1), spkiOf(this.v2).subarray(-32)]));
  }

  leaf(wish: Partial<LeafWish> = {}): { der: Buffer; key: KeyPair } {
    return mintLeaf({
      issuer: this.ca,
      oidcIssuer: OIDC_ISSUER,
      sans: [email(IDENTITY)],
      scts: [{ log: this.ctLog }],
      ...wish,
    });
  }

  /** A whole bundle, signed at T0 + 30 s. v1 has its time from the log, v2 from the timestamp authority. */
  bundle(wish: BundleWish): Json {
    const at = wish.at ?? T0 + 30_000;
    const { der, key } = wish.leaf ?? this.leaf();
    const content = 'payload' in wish ? wish.payload : wish.message;
    const isDsse = 'payload' in wish;
    const type = 'application/vnd.in-toto+json';
    const signed = isDsse ? preAuthEncoding(type, content) : content;
    const hash = wish.hash ?? 'sha256';
    const signature = sign(hash, signed, key.privateKey);
    const material = {
      hash,
      signature,
      digest: createHash(hash).update(signed).digest(),
      payload: isDsse ? content : null,
    };
    const verifier = wish.bareKey ? { publicKey: spkiOf(key) } : { certificate: der };
    const entry =
      wish.log === 'v1'
        ? this.v1Entry({ ...material, ...verifier }, at)
        : this.v2Entry({ ...material, ...verifier }, wish.index);
    const timestamps = wish.log === 'v2' ? [{ signedTimestamp: b64(mintTimestamp(signature, at, this.tsa)) }] : [];
    const algorithm = { sha256: 'SHA2_256', sha384: 'SHA2_384', sha512: 'SHA2_512' }[hash];
    return {
      mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      verificationMaterial: {
        ...(wish.bareKey ? { publicKey: { hint: '' } } : { certificate: { rawBytes: b64(der) } }),
        tlogEntries: [entry],
        timestampVerificationData: { rfc3161Timestamps: timestamps },
      },
      ...(isDsse
        ? { dsseEnvelope: { payload: b64(content), payloadType: type, signatures: [{ sig: b64(signature) }] } }
        : {
            messageSignature: { messageDigest: { algorithm, digest: b64(material.digest) }, signature: b64(signature) },
          }),
    };
  }

  v1Entry(of: EntryOf, at: number): Json {
    const pem = b64(Buffer.from(toPem(of)));
    const spec = of.payload
      ? {
          envelopeHash: {},
          payloadHash: { algorithm: 'sha256', value: sha256(of.payload).toString('hex') },
          signatures: [{ signature: b64(of.signature), verifier: pem }],
        }
      : {
          data: { hash: { algorithm: of.hash, value: of.digest.toString('hex') } },
          signature: { content: b64(of.signature), publicKey: { content: pem } },
        };
    const kind = of.payload ? 'dsse' : 'hashedrekord';
    const body = Buffer.from(JSON.stringify({ apiVersion: '0.0.1', kind, spec }));
    const logId = sha256(spkiOf(this.v1));
    const index = 4242;
    const promise = JSON.stringify({
      body: b64(body),
      integratedTime: at / 1000,
      logID: logId.toString('hex'),
      logIndex: index,
    });
    return {
      logIndex: String(index),
      logId: { keyId: b64(logId) },
      kindVersion: { kind, version: '0.0.1' },
      integratedTime: String(at / 1000),
      inclusionPromise: { signedEntryTimestamp: b64(sign('sha256', Buffer.from(promise), this.v1.privateKey)) },
      inclusionProof: proofOf(body, `${V1_HOST}:3000 - 77`, (text) => ({
        name: `${V1_HOST}:3000`,
        keyId: logId.readUInt32BE(0),
        signature: sign('sha256', text, this.v1.privateKey),
      })),
      canonicalizedBody: b64(body),
    };
  }

  v2Entry(of: EntryOf, index = 1): Json {
    const algorithm = { sha256: 'SHA2_256', sha384: 'SHA2_384', sha512: 'SHA2_512' }[of.hash];
    const verifier = of.certificate
      ? { keyDetails: 'PKIX_ECDSA_P256_SHA_256', x509Certificate: { rawBytes: b64(of.certificate) } }
      : { keyDetails: 'PKIX_ECDSA_P256_SHA_256', publicKey: { rawBytes: b64(of.publicKey ?? Buffer.alloc(0)) } };
    const spec = {
      hashedRekordV002: {
        data: { algorithm, digest: b64(of.digest) },
        signature: { content: b64(of.signature), verifier },
      },
    };
    const body = Buffer.from(JSON.stringify({ apiVersion: '0.0.2', kind: 'hashedrekord', spec }));
    const logId = this.v2LogId();
    const signer = (text: Uint8Array) => ({
      name: V2_ORIGIN,
      keyId: logId.readUInt32BE(0),
      signature: sign(null, text, this.v2.privateKey),
    });
    const proof = proofOf(body, V2_ORIGIN, signer, index);
    return {
      logIndex: proof.logIndex,
      logId: { keyId: b64(logId) },
      kindVersion: { kind: 'hashedrekord', version: '0.0.2' },
      integratedTime: '0',
      inclusionProof: proof,
      canonicalizedBody: b64(body),
    };
  }
}

export type BundleWish = {
  readonly log: 'v1' | 'v2';
  readonly at?: number;
  readonly leaf?: { der: Buffer; key: KeyPair };
  readonly hash?: 'sha256' | 'sha384' | 'sha512';
  readonly bareKey?: boolean;
  /** Where it stands in a v2 log: a power of two, another one for each bundle of one database. */
  readonly index?: number;
} & ({ readonly payload: Buffer } | { readonly message: Buffer });

interface EntryOf {
  readonly hash: 'sha256' | 'sha384' | 'sha512';
  readonly signature: Buffer;
  readonly digest: Buffer;
  readonly payload: Buffer | null;
  readonly certificate?: Buffer;
  readonly publicKey?: Buffer;
}

/** Places the entry last in a tree whose other leaves are a whole subtree (by default one leaf), and has the log sign it. */
export function proofOf(
  body: Uint8Array,
  origin: string,
  signer: (text: Uint8Array) => Parameters<typeof formatNote>[1][number],
  index = 1,
): Json {
  const first = hashLeaf(randomBytes(8));
  const root = hashNode(first, hashLeaf(body));
  const text = formatCheckpoint({ origin, size: index + 1, root });
  const envelope = Buffer.from(formatNote(text, [signer(text)])).toString('utf8');
  return {
    logIndex: String(index),
    rootHash: b64(root),
    treeSize: String(index + 1),
    hashes: [b64(first)],
    checkpoint: { envelope },
  };
}

function toPem({ certificate, publicKey }: EntryOf): string {
  const label = certificate ? 'CERTIFICATE' : 'PUBLIC KEY';
  const lines = b64(certificate ?? publicKey ?? Buffer.alloc(0)).match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
