import { type KeyObject, verify } from 'node:crypto';
import { ed25519ph } from '@noble/curves/ed25519.js';
import type { ParsedBundle } from './bundle.ts';
import { digestsOfOms02 } from './oms-02-pae.ts';
import { type DigestAlgorithm, preAuthEncoding } from './pae.ts';
import { verifyDigestSignature } from './verify-signature.ts';

const CURVE_DIGESTS = new Map<string | undefined, DigestAlgorithm>([
  ['prime256v1', 'sha256'],
  ['secp384r1', 'sha384'],
  ['secp521r1', 'sha512'],
]);

const ALL_DIGESTS: readonly DigestAlgorithm[] = ['sha256', 'sha384', 'sha512'];

/**
 * Whether `key` made the bundle's signature (Sigstore algorithm registry: the curve says the hash; older clients take
 * SHA-256 with every key). The file itself is needed only for plain Ed25519 over a file, and for RSA-PSS.
 *
 * A statement of model_signing 0.2 (Digests/v0.1) may be signed in that release's own mistaken encoding instead.
 */
export function verifyContentSignature(
  parsed: ParsedBundle,
  key: KeyObject,
  artifact?: Uint8Array,
): boolean | 'unsupported' {
  const message = parsed.payload ? preAuthEncoding(parsed.payloadType ?? '', parsed.payload) : artifact;
  if (key.asymmetricKeyType === 'ed25519') {
    return message ? verifyEd25519(message, key, parsed.signature) : verifyDigests(parsed, key);
  }
  if (key.asymmetricKeyType === 'rsa-pss') {
    return message ? attempt(() => verify('sha256', message, key, parsed.signature)) : 'unsupported';
  }
  const result = verifyDigests(parsed, key);
  return result === false && key.asymmetricKeyType === 'ec' ? verifyOms02(parsed, key) : result;
}

/** That release took SHA-256 with every curve; the reference verifier asks for the curve's own hash with bare keys. */
function verifyOms02({ payload, payloadType, signature }: ParsedBundle, key: KeyObject): boolean {
  const digests = payload && digestsOfOms02(payloadType, payload);
  if (!digests) return false;
  const spkiDer = key.export({ type: 'spki', format: 'der' });
  return digestsFor(key).some((algorithm) => {
    const digest = Buffer.from(digests[algorithm], 'hex');
    return verifyDigestSignature({ spkiDer, keyDetails: '', digest, signature }) === true;
  });
}

function verifyDigests(parsed: ParsedBundle, key: KeyObject): boolean | 'unsupported' {
  const spkiDer = key.export({ type: 'spki', format: 'der' });
  let result: boolean | 'unsupported' = 'unsupported';
  for (const algorithm of parsed.payload ? digestsFor(key) : ALL_DIGESTS) {
    const digest = parsed.signed[algorithm];
    if (digest === null) continue;
    const { signature } = parsed;
    result = verifyDigestSignature({ spkiDer, keyDetails: '', digest: Buffer.from(digest, 'hex'), signature });
    if (result === true) return true;
  }
  return result;
}

function digestsFor(key: KeyObject): readonly DigestAlgorithm[] {
  const ofCurve = CURVE_DIGESTS.get(key.asymmetricKeyDetails?.namedCurve);
  if (ofCurve === 'sha256') return ['sha256'];
  return ofCurve ? [ofCurve, 'sha256'] : ALL_DIGESTS;
}

function verifyEd25519(message: Uint8Array, key: KeyObject, signature: Buffer): boolean {
  if (attempt(() => verify(null, message, key, signature))) return true;
  const { x = '' } = key.export({ format: 'jwk' });
  return attempt(() => ed25519ph.verify(signature, message, Buffer.from(x, 'base64url'), { zip215: false }));
}

function attempt(check: () => boolean): boolean {
  try {
    return check();
  } catch {
    return false;
  }
}
