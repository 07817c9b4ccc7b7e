import { createPublicKey } from 'node:crypto';

/** A certificate or key as an entry has it. */
export interface FoundVerifier {
  readonly form: 'certificate' | 'public-key';
  /** DER of the certificate, SPKI DER of the key; the key's own bytes where `keyDetails` names a format without SPKI. */
  readonly bytes: Buffer;
  /** `pgp` and the like, for keys that are no SPKI; empty for all others. */
  readonly keyDetails: string;
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]{1,40})-----\n([A-Za-z0-9+/=\n]{1,2000000})\n-----END \1-----(?:\n|$)/y;
const MOST_BLOCKS = 16;

/**
 * Reads PEM (RFC 7468) of nothing but certificates and public keys, as Rekor writes it. Of a chain the first is the
 * signer's.
 *
 * @throws {Error} for anything else: bytes in between, other labels, base64 that is not canonical.
 */
export function readPem(text: string): [FoundVerifier, ...FoundVerifier[]] {
  const lines = text.includes('\r') ? text.replaceAll('\r\n', '\n') : text;
  const pem = `${lines.trimEnd()}\n`;
  const found: FoundVerifier[] = [];
  BLOCK.lastIndex = 0;
  for (let at = 0; at < pem.length; at = BLOCK.lastIndex) {
    const [, label = '', base64 = ''] = BLOCK.exec(pem) ?? [];
    if (base64 === '' || found.length === MOST_BLOCKS) throw new Error('it is not PEM of certificates and keys alone');
    found.push(readBlock(label, base64));
  }
  const [first, ...others] = found;
  if (!first) throw new Error('it is no PEM');
  return [first, ...others];
}

function readBlock(label: string, base64: string): FoundVerifier {
  const text = base64.replaceAll('\n', '');
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw new Error('its PEM is not canonical base64');
  switch (label) {
    case 'CERTIFICATE':
      return { form: 'certificate', bytes, keyDetails: '' };
    case 'PUBLIC KEY':
      return { form: 'public-key', bytes: asSpki(bytes, 'spki'), keyDetails: '' };
    case 'RSA PUBLIC KEY':
      return { form: 'public-key', bytes: asSpki(bytes, 'pkcs1'), keyDetails: '' };
    default:
      throw new Error(`its PEM holds ${label}`);
  }
}

/** One spelling for one key, so that its digest names it. @throws {Error} for bytes that are no key known here. */
function asSpki(der: Buffer, type: 'spki' | 'pkcs1'): Buffer {
  return createPublicKey({ key: der, format: 'der', type }).export({ type: 'spki', format: 'der' });
}
