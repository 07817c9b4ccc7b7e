import { constants, createPublicKey, type KeyObject, publicDecrypt } from 'node:crypto';
import { eddsa } from '@noble/curves/abstract/edwards.js';
import { ed25519 } from '@noble/curves/ed25519.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { ed25519KeyFromSpki } from '#lib/tlog/spki.ts';

export interface DigestSignature {
  /** DER SubjectPublicKeyInfo. */
  readonly spkiDer: Uint8Array;
  /** What the entry calls the key (`PKIX_ECDSA_P256_SHA_256`, ...): a claim, taken only for what the key leaves open. */
  readonly keyDetails: string;
  readonly digest: Uint8Array;
  /** DER for ECDSA. */
  readonly signature: Uint8Array;
}

const CURVES = new Map([
  ['prime256v1', p256],
  ['secp384r1', p384],
  ['secp521r1', p521],
]);

/** The start of a DER DigestInfo (RFC 8017, 9.2) by the length of its digest. */
const DIGEST_INFO = new Map([
  [32, '3031300d060960864801650304020105000420'],
  [48, '3041300d060960864801650304020205000430'],
  [64, '3051300d060960864801650304020305000440'],
]);

/**
 * Whether the key signed what has this digest, from the digest alone: all that a log entry holds.
 * ECDSA on the NIST curves, RSA with PKCS #1 v1.5, Ed25519ph. The kind is the key's own: an entry that calls a key
 * something else gets no other check for it.
 *
 * @returns `unsupported` for schemes that cannot be checked so (plain Ed25519, RSA-PSS) and kinds of key not known here.
 */
export function verifyDigestSignature(input: DigestSignature): boolean | 'unsupported' {
  let key: KeyObject;
  try {
    key = createPublicKey({ key: Buffer.from(input.spkiDer), format: 'der', type: 'spki' });
  } catch {
    return false;
  }
  try {
    switch (key.asymmetricKeyType) {
      case 'ec':
        return verifyEcdsa(key, input);
      case 'rsa':
        return /_PSS_/.test(input.keyDetails) ? 'unsupported' : verifyPkcs1(key, input);
      case 'ed25519':
        return input.digest.length === 64 ? verifyEd25519(input) : 'unsupported';
      default:
        return 'unsupported';
    }
  } catch {
    // The libraries throw on signatures that are not even of the right form.
    return false;
  }
}

function verifyEcdsa(key: KeyObject, { digest, signature }: DigestSignature): boolean | 'unsupported' {
  const curve = CURVES.get(key.asymmetricKeyDetails?.namedCurve ?? '');
  if (!curve) return 'unsupported';
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  const point = Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  return curve.verify(signature, digest, point, { prehash: false, lowS: false, format: 'der' });
}

/** Opens the signature and compares it whole with what it must hold, padding included (RFC 8017, 8.2.2). */
function verifyPkcs1(key: KeyObject, { digest, signature }: DigestSignature): boolean | 'unsupported' {
  const prefix = DIGEST_INFO.get(digest.length);
  const bytes = (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  if (prefix === undefined || bytes < 256) return 'unsupported';
  if (signature.length !== bytes) return false;
  const info = Buffer.concat([Buffer.from(prefix, 'hex'), digest]);
  const expected = Buffer.concat([Buffer.of(0, 1), Buffer.alloc(bytes - info.length - 3, 0xff), Buffer.of(0), info]);
  return publicDecrypt({ key, padding: constants.RSA_NO_PADDING }, signature).equals(expected);
}

/** Ed25519ph (RFC 8032, 5.1) over a message hashed already: the same curve, another prefix, no second hash. */
const ed25519OverDigest = eddsa(ed25519.Point, sha512, {
  domain: (data: Uint8Array, context: Uint8Array, isPrehashed: boolean) =>
    Uint8Array.from([
      ...Buffer.from('SigEd25519 no Ed25519 collisions'),
      isPrehashed ? 1 : 0,
      context.length,
      ...context,
      ...data,
    ]),
  prehash: Object.assign((digest: Uint8Array) => Uint8Array.from(digest), {
    outputLen: sha512.outputLen,
    blockLen: sha512.blockLen,
    canXOF: false,
    create: sha512.create,
  }),
});

/** Plain Ed25519 signs the message itself, so that its failing here says nothing. */
function verifyEd25519({ spkiDer, keyDetails, digest, signature }: DigestSignature): boolean | 'unsupported' {
  if (ed25519OverDigest.verify(signature, digest, ed25519KeyFromSpki(spkiDer), { zip215: false })) return true;
  return keyDetails === 'PKIX_ED25519' ? 'unsupported' : false;
}
