import { decodeBase64, encodeBase64 } from './base64.ts';
import { type CosignatureVerifier, cosignatureVerifier } from './cosignature.ts';
import { quote, TlogError } from './error.ts';
import { noteKeyHash, SIGNATURE_TYPE, shortKeyId, spkiHash } from './key-id.ts';
import { mlDsa44CosignatureVerifier } from './ml-dsa-cosignature.ts';
import { isKeyName, type NoteVerifier } from './note.ts';
import { noblePrimitives, type SignaturePrimitives } from './primitives.ts';
import { checkEd25519Key, p256PointFromSpki } from './spki.ts';

/** A log's own key. */
export interface LogVerifier extends NoteVerifier {
  readonly kind: 'ed25519' | 'ecdsa';
  /** Raw 32 bytes of Ed25519, DER SubjectPublicKeyInfo of ECDSA. */
  readonly publicKey: Uint8Array;
}

/** An Ed25519 note key, as Rekor v2 has one: 32 raw bytes, or `bad-key`. */
export function ed25519Verifier(
  name: string,
  publicKey: Uint8Array,
  primitives: SignaturePrimitives = noblePrimitives,
): LogVerifier {
  checkEd25519Key(publicKey);
  return {
    kind: 'ed25519',
    name,
    keyId: shortKeyId(noteKeyHash(name, SIGNATURE_TYPE.ed25519, publicKey)),
    publicKey,
    verify: (text, signature) => primitives.verifyEd25519(signature, text, publicKey),
  };
}

/**
 * An ECDSA P-256 note key, as Rekor v1 has one: DER SubjectPublicKeyInfo, or `bad-key`. Signatures are DER over
 * SHA-256 of the text; the key id is SHA-256(SPKI)[:4], in which the name has no part.
 */
export function ecdsaP256Verifier(
  name: string,
  spki: Uint8Array,
  primitives: SignaturePrimitives = noblePrimitives,
): LogVerifier {
  if (!isKeyName(name)) throw new TlogError('bad-key', `No key can have the name ${quote(name)}`);
  p256PointFromSpki(spki);
  return {
    kind: 'ecdsa',
    name,
    keyId: shortKeyId(spkiHash(spki)),
    publicKey: spki,
    verify: (text, signature) => primitives.verifyP256(signature, text, spki),
  };
}

const VERIFIER_KEY = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/;
/** An ML-DSA-44 key alone has 1,752 characters. */
const MAX_VERIFIER_KEY_LENGTH = 4096;

/**
 * Reads a verifier key (vkey), `name+hex key id+base64(type || public key)`, of a log (types 0x01 and 0x02) or of a
 * cosigner (0x04 and 0x06). Throws `bad-base64` or `bad-key`, also if the key id is not that of the name and key beside it.
 */
export function parseVerifierKey(
  vkey: string,
  primitives: SignaturePrimitives = noblePrimitives,
): LogVerifier | CosignatureVerifier {
  const [, name, keyId, base64] = (vkey.length <= MAX_VERIFIER_KEY_LENGTH && VERIFIER_KEY.exec(vkey)) || [];
  if (name === undefined || keyId === undefined || base64 === undefined) {
    throw new TlogError('bad-key', `Not a verifier key (name+key id+base64): ${quote(vkey)}`);
  }
  const bytes = decodeBase64(base64);
  const verifier = verifierOfType(bytes[0], name, bytes.slice(1), primitives);
  if (formatKeyId(verifier) !== keyId) {
    throw new TlogError('bad-key', `The key of ${quote(name)} has the id ${formatKeyId(verifier)}, not ${keyId}`);
  }
  return verifier;
}

/** The verifier key (vkey) that `parseVerifierKey` reads. */
export function formatVerifierKey(verifier: LogVerifier | CosignatureVerifier): string {
  const encoded = encodeBase64(Uint8Array.of(SIGNATURE_TYPE[verifier.kind], ...verifier.publicKey));
  return `${verifier.name}+${formatKeyId(verifier)}+${encoded}`;
}

/** Whether this is the key of a log itself, which signs whole texts, and not that of a cosigner. */
export function isLogKey(verifier: LogVerifier | CosignatureVerifier): verifier is LogVerifier {
  return verifier.kind === 'ed25519' || verifier.kind === 'ecdsa';
}

function verifierOfType(
  type: number | undefined,
  name: string,
  publicKey: Uint8Array,
  primitives: SignaturePrimitives,
): LogVerifier | CosignatureVerifier {
  switch (type) {
    case SIGNATURE_TYPE.ed25519:
      return ed25519Verifier(name, publicKey, primitives);
    case SIGNATURE_TYPE.ecdsa:
      return ecdsaP256Verifier(name, publicKey, primitives);
    case SIGNATURE_TYPE.cosignature:
      return cosignatureVerifier(name, publicKey, primitives);
    case SIGNATURE_TYPE['ml-dsa-44-cosignature']:
      return mlDsa44CosignatureVerifier(name, publicKey, primitives);
    default:
      throw new TlogError('bad-key', `The key of ${quote(name)} has the unsupported type ${type}`);
  }
}

function formatKeyId(verifier: NoteVerifier): string {
  return verifier.keyId.toString(16).padStart(8, '0');
}
