import { createPublicKey, hash, type KeyObject, X509Certificate } from 'node:crypto';
import { open } from 'node:fs/promises';
import { TrustError } from './trust-error.ts';

const MAX_BYTES = 1024 * 1024;
const MAX_CERTIFICATES = 200;
const CURVES = new Set(['prime256v1', 'secp384r1', 'secp521r1']);
const MIN_RSA_BITS = 2048;
const PEM_BLOCK = /-----BEGIN ([A-Z0-9 ]{1,40})-----[A-Za-z0-9+/=\s]*-----END \1-----/g;

/** A key whose signatures are believed because the operator says so. */
export interface TrustedKey {
  readonly name: string;
  readonly key: KeyObject;
  readonly spkiDer: Buffer;
  /** SHA-256 of the SPKI DER, lowercase hex. */
  readonly fingerprint: string;
  /** What bundles call it: SHA-256 of its PEM text in hex (model_signing), or of the DER in base64 (cosign). */
  readonly hints: readonly string[];
}

/** An authority of the operator's own. Each of its certificates is where trust begins: no Sigstore stands behind it. */
export interface TrustedAuthority {
  readonly name: string;
  /** At least one: of authorities, or of a signer itself. */
  readonly certificates: readonly X509Certificate[];
}

/** Whom the operator trusts besides the trust root, for bundles that no transparency log has. */
export interface OperatorTrust {
  readonly keys: readonly TrustedKey[];
  readonly authorities: readonly TrustedAuthority[];
}

export const NO_OPERATOR_TRUST: OperatorTrust = { keys: [], authorities: [] };

/** A PEM file with the name that pages show for it. */
export interface NamedFile {
  readonly name: string;
  readonly file: string;
}

export interface OperatorTrustFiles {
  readonly keys: readonly NamedFile[];
  readonly authorities: readonly NamedFile[];
}

/**
 * Reads the keys and certificates that the configuration names, files of PEM of at most 1 MiB each.
 *
 * @throws {TrustError} naming the file and what is wrong with it.
 */
export async function loadOperatorTrust({ keys, authorities }: OperatorTrustFiles): Promise<OperatorTrust> {
  return {
    keys: await Promise.all(keys.map(async ({ name, file }) => parseTrustedKey(name, await readPem(file), file))),
    authorities: await Promise.all(
      authorities.map(async ({ name, file }) => parseTrustedAuthority(name, await readPem(file), file)),
    ),
  };
}

/**
 * @param pem one public key (SPKI): ECDSA on P-256, P-384 or P-521, Ed25519, or RSA of 2048 bits or more.
 * @param file where it comes from, for messages.
 * @throws {TrustError} `bad-key`
 */
export function parseTrustedKey(name: string, pem: string, file = name): TrustedKey {
  const blocks = [...pem.matchAll(PEM_BLOCK)];
  const [block] = blocks;
  if (blocks.some(([, label]) => label?.endsWith('PRIVATE KEY'))) {
    throw badKey(file, 'is a private key, which has no business here', 'Name its public key, and move this one away');
  }
  if (!block || blocks.length !== 1 || block[1] !== 'PUBLIC KEY') {
    const found = blocks.map(([, label]) => label).join(', ') || 'nothing';
    throw badKey(file, `is not one public key in PEM, but has ${found}`, 'Name a file of one PUBLIC KEY');
  }
  let key: KeyObject;
  try {
    key = createPublicKey(block[0]);
  } catch {
    throw badKey(file, 'cannot be read as a public key', 'Export it again as SPKI in PEM');
  }
  const kind = unfitKind(key);
  if (kind) throw badKey(file, `is a key of a kind that is not verified here (${kind})`, 'Use ECDSA on P-256');
  const spkiDer = key.export({ type: 'spki', format: 'der' });
  const hints = [
    hash('sha256', key.export({ type: 'spki', format: 'pem' })),
    hash('sha256', spkiDer, 'base64'),
    hash('sha256', spkiDer),
  ];
  return { name, key, spkiDer, fingerprint: hash('sha256', spkiDer), hints };
}

/**
 * @param pem one certificate or more, in any order.
 * @throws {TrustError} `bad-certificate`
 */
export function parseTrustedAuthority(name: string, pem: string, file = name): TrustedAuthority {
  const blocks = [...pem.matchAll(PEM_BLOCK)];
  if (blocks.length === 0 || blocks.length > MAX_CERTIFICATES || blocks.some(([, label]) => label !== 'CERTIFICATE')) {
    throw new TrustError(
      'bad-certificate',
      `${file} is not 1 to ${MAX_CERTIFICATES} certificates in PEM. Name a file of CERTIFICATE blocks and nothing else.`,
    );
  }
  const certificates = blocks.map(([block], i) => {
    try {
      return new X509Certificate(block);
    } catch {
      throw new TrustError(
        'bad-certificate',
        `Certificate ${i + 1} of ${file} cannot be read. Export it again as PEM.`,
      );
    }
  });
  return { name, certificates };
}

function unfitKind(key: KeyObject): string | null {
  const { asymmetricKeyType: type, asymmetricKeyDetails: { namedCurve, modulusLength = 0 } = {} } = key;
  if (type === 'ed25519' || (type === 'rsa' && modulusLength >= MIN_RSA_BITS)) return null;
  if (type === 'ec' && CURVES.has(namedCurve ?? '')) return null;
  return [type, namedCurve, modulusLength > 0 ? `${modulusLength} bits` : undefined].filter(Boolean).join(' ');
}

function badKey(file: string, problem: string, mend: string): TrustError {
  return new TrustError('bad-key', `${file} ${problem}. ${mend}.`);
}

/** At most one byte more than is allowed is read, whatever the file's size is said to be. */
async function readPem(path: string): Promise<string> {
  const buffer = Buffer.alloc(MAX_BYTES + 1);
  let length = 0;
  try {
    await using file = await open(path, 'r');
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      ({ bytesRead: read } = await file.read(buffer, length, buffer.length - length, null));
    }
  } catch (error) {
    throw new TrustError(
      'unreachable',
      `${path} cannot be read: ${(error as Error).message}. Correct trust.keys or trust.authorities.`,
    );
  }
  if (length <= MAX_BYTES) return buffer.toString('latin1', 0, length);
  throw new TrustError('unreadable', `${path} is larger than 1 MiB. Is it the right file?`);
}
