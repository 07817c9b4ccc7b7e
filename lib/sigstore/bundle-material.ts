import { malformed } from './bundle-error.ts';
import { isAbsent, type JsonObject, readBytes, readList, readObject, readText } from './bundle-fields.ts';

const MAX_CERTIFICATE_BYTES = 64 * 1024;
const MAX_CERTIFICATES = 10;
const MAX_HINT = 1024;

/** Whose key signed, as the bundle says. */
export type BundleMaterial =
  | { readonly form: 'certificate'; readonly certificate: Buffer; readonly intermediates: readonly Buffer[] }
  /** `hint` tells the verifier which of its keys to take; it proves nothing and may be empty. */
  | { readonly form: 'public-key'; readonly hint: string };

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
    const { hint } = readObject(publicKey, 'verificationMaterial.publicKey');
    return {
      form: 'public-key',
      hint: isAbsent(hint) ? '' : readText(hint, 'verificationMaterial.publicKey.hint', MAX_HINT),
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
  return { form: 'certificate', certificate: leaf, intermediates };
}

function readCertificateBytes(value: unknown, path: string): Buffer {
  return readBytes(readObject(value, path).rawBytes, `${path}.rawBytes`, MAX_CERTIFICATE_BYTES);
}
