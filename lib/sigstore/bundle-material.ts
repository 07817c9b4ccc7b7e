import { createPublicKey } from 'node:crypto';
import { malformed } from './bundle-error.ts';
import { isAbsent, type JsonObject, readBytes, readList, readObject, readText } from './bundle-fields.ts';

const MAX_CERTIFICATE_BYTES = 64 * 1024;
const MAX_CERTIFICATES = 10;
const MAX_HINT = 1024;
const MAX_KEY_BYTES = 8 * 1024;
const PEM_KEY = /^-----BEGIN PUBLIC KEY-----\s[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----\s*$/;

/** Whose key signed, as the bundle says. */
export type BundleMaterial =
  | {
      readonly form: 'certificate';
      readonly certificate: Buffer;
      readonly intermediates: readonly Buffer[];
      /** Whether it stands in `x509CertificateChain`, where certificates of no Sigstore are also put. */
      readonly isChain: boolean;
    }
  /**
   * `hint` tells the verifier which of its keys to take; it proves nothing and may be empty. `spkiDer` is the key that
   * model_signing before 1.1 put into the bundle instead: no less a claim.
   */
  | { readonly form: 'public-key'; readonly hint: string; readonly spkiDer?: Buffer };

/** @throws {BundleError} `malformed-field` */
export function readMaterial(material: JsonObject): BundleMaterial {
  const { certificate, x509CertificateChain, publicKey } = material;
  const given = [certificate, x509CertificateChain, publicKey].filter((value) => !isAbsent(value));
  if (given.length !== 1) {
    throw malformed(
      'verificationMaterial',
      `has ${given.length} of certificate, x509CertificateChain and publicKey, not one`,
    );
  }
  if (!isAbsent(publicKey)) {
    const path = 'verificationMaterial.publicKey';
    const { hint, rawBytes } = readObject(publicKey, path);
    return {
      form: 'public-key',
      hint: isAbsent(hint) ? '' : readText(hint, `${path}.hint`, MAX_HINT),
      ...(!isAbsent(rawBytes) && { spkiDer: readPemKey(rawBytes, `${path}.rawBytes`) }),
    };
  }
  const path = 'verificationMaterial.x509CertificateChain.certificates';
  const chain = isAbsent(certificate)
    ? readList(
        readObject(x509CertificateChain, 'verificationMaterial.x509CertificateChain').certificates,
        path,
        MAX_CERTIFICATES,
      )
    : [certificate];
  const [leaf, ...intermediates] = chain.map((value, i) => readCertificateBytes(value, `${path}[${i}]`));
  if (!leaf) throw malformed(path, 'is empty');
  return { form: 'certificate', certificate: leaf, intermediates, isChain: isAbsent(certificate) };
}

function readCertificateBytes(value: unknown, path: string): Buffer {
  return readBytes(readObject(value, path).rawBytes, `${path}.rawBytes`, MAX_CERTIFICATE_BYTES);
}

/** The bytes are the PEM text of the key, not its DER. */
function readPemKey(value: unknown, path: string): Buffer {
  const pem = readBytes(value, path, MAX_KEY_BYTES).toString('latin1');
  try {
    if (PEM_KEY.test(pem)) return createPublicKey(pem).export({ type: 'spki', format: 'der' });
  } catch {
    // Said below.
  }
  throw malformed(path, 'is not a public key in PEM');
}
