import { createPublicKey } from 'node:crypto';
import { JsonError, parseStrictJson } from '#lib/model-signing/strict-json.ts';
import { isAbsent, readBytes, readList, readObject, readText } from './bundle-fields.ts';
import type { BundleLogEntry } from './bundle-log-entry.ts';

const MAX_BYTES = 1024 * 1024;
const V2_ALGORITHMS = new Map([
  ['SHA2_256', 'sha256'],
  ['SHA2_384', 'sha384'],
  ['SHA2_512', 'sha512'],
]);

/** What a log entry says was signed, by which key, whatever version of which log wrote it. */
export interface EntryBody {
  /** `payload`: of a DSSE envelope's bare payload. `signed`: of the very bytes that the signature covers. */
  readonly digestOf: 'payload' | 'signed';
  readonly algorithm: string;
  /** Lowercase hex. */
  readonly digest: string;
  readonly signature: Buffer;
  readonly verifier: { readonly form: 'certificate' | 'public-key'; readonly der: Buffer };
}

/**
 * Reads the body of a bundle's log entry: hashedrekord 0.0.1 and 0.0.2, dsse 0.0.1 and 0.0.2, intoto 0.0.2.
 *
 * @throws {Error} saying why it cannot be compared with a bundle.
 */
export function readEntryBody(entry: BundleLogEntry): EntryBody {
  const label = `${entry.kind} ${entry.version}`;
  switch (label) {
    case 'hashedrekord 0.0.2':
      return readHashedRekordV2(readSpec(entry));
    case 'dsse 0.0.2':
      return readDsseV2(readSpec(entry));
    case 'hashedrekord 0.0.1':
      return readHashedRekordV1(readSpec(entry));
    case 'dsse 0.0.1':
      return readDsseV1(readSpec(entry));
    case 'intoto 0.0.2':
      return readIntoto(readSpec(entry));
    default:
      throw new Error(`entries of the kind ${label} do not hold the signature of a bundle`);
  }
}

function readHashedRekordV2(spec: Spec): EntryBody {
  const record = readObject(spec.hashedRekordV002, 'spec.hashedRekordV002');
  return {
    digestOf: 'signed',
    ...readDigestV2(record.data, 'data'),
    ...readSignatureV2(record.signature, 'signature'),
  };
}

function readDsseV2(spec: Spec): EntryBody {
  const record = readObject(spec.dsseV002, 'spec.dsseV002');
  const signature = readOnly(record.signatures, 'signatures');
  return {
    digestOf: 'payload',
    ...readDigestV2(record.payloadHash, 'payloadHash'),
    ...readSignatureV2(signature, 'signatures[0]'),
  };
}

function readDigestV2(value: unknown, path: string): Pick<EntryBody, 'algorithm' | 'digest'> {
  const { algorithm, digest } = readObject(value, path);
  const name = readText(algorithm, `${path}.algorithm`, 32);
  return {
    algorithm: V2_ALGORITHMS.get(name) ?? name,
    digest: readBytes(digest, `${path}.digest`, 64).toString('hex'),
  };
}

function readSignatureV2(value: unknown, path: string): Pick<EntryBody, 'signature' | 'verifier'> {
  const { content, verifier } = readObject(value, path);
  const { x509Certificate, publicKey } = readObject(verifier, `${path}.verifier`);
  if (isAbsent(x509Certificate) === isAbsent(publicKey)) {
    throw new Error('its signature is by neither or both of a certificate and a key');
  }
  const form = isAbsent(publicKey) ? 'certificate' : 'public-key';
  const { rawBytes } = readObject(publicKey ?? x509Certificate, `${path}.verifier`);
  return {
    signature: readBytes(content, `${path}.content`, MAX_BYTES),
    verifier: { form, der: readBytes(rawBytes, `${path}.verifier.rawBytes`, MAX_BYTES) },
  };
}

function readHashedRekordV1(spec: Spec): EntryBody {
  const hash = readObject(readObject(spec.data, 'data').hash, 'data.hash');
  const signature = readObject(spec.signature, 'signature');
  const publicKey = readObject(signature.publicKey, 'signature.publicKey');
  return {
    digestOf: 'signed',
    algorithm: readText(hash.algorithm, 'data.hash.algorithm', 32),
    digest: readText(hash.value, 'data.hash.value', 128),
    signature: readBytes(signature.content, 'signature.content', MAX_BYTES),
    verifier: readPem(publicKey.content, 'signature.publicKey.content'),
  };
}

function readDsseV1(spec: Spec): EntryBody {
  const hash = readObject(spec.payloadHash, 'payloadHash');
  const signature = readOnly(spec.signatures, 'signatures');
  return {
    digestOf: 'payload',
    algorithm: readText(hash.algorithm, 'payloadHash.algorithm', 32),
    digest: readText(hash.value, 'payloadHash.value', 128),
    signature: readBytes(signature.signature, 'signature', MAX_BYTES),
    verifier: readPem(signature.verifier, 'verifier'),
  };
}

function readIntoto(spec: Spec): EntryBody {
  const content = readObject(spec.content, 'content');
  const hash = readObject(content.payloadHash, 'content.payloadHash');
  const signature = readOnly(
    readObject(content.envelope, 'content.envelope').signatures,
    'content.envelope.signatures',
  );
  // This kind has its signature in base64 twice.
  const base64 = readBytes(signature.sig, 'sig', MAX_BYTES).toString('latin1');
  return {
    digestOf: 'payload',
    algorithm: readText(hash.algorithm, 'content.payloadHash.algorithm', 32),
    digest: readText(hash.value, 'content.payloadHash.value', 128),
    signature: readBytes(base64, 'sig', MAX_BYTES),
    verifier: readPem(signature.publicKey, 'publicKey'),
  };
}

type Spec = Readonly<Record<string, unknown>>;

function readSpec({ body, kind, version }: BundleLogEntry): Spec {
  try {
    const entry = readObject(parseStrictJson(body, { maxBytes: MAX_BYTES }), 'body');
    if (entry.kind !== kind || entry.apiVersion !== version) {
      throw new Error('the bundle calls the entry something else than it calls itself');
    }
    return readObject(entry.spec, 'spec');
  } catch (error) {
    if (error instanceof JsonError) throw new Error(`its body cannot be read. ${error.message}`);
    throw error;
  }
}

function readOnly(value: unknown, path: string): Spec {
  const list = readList(value, path, MAX_BYTES);
  if (list.length !== 1) throw new Error(`it has ${list.length} signatures, and a bundle has one`);
  return readObject(list[0], path);
}

const PEM = /^-----BEGIN (CERTIFICATE|PUBLIC KEY)-----\n([A-Za-z0-9+/=\n]+)\n-----END \1-----/;

/** Rekor v1 holds certificates and keys as base64 of PEM; of a chain the first is the signer's. */
function readPem(value: unknown, path: string): EntryBody['verifier'] {
  const pem = readBytes(value, path, MAX_BYTES).toString('latin1').replaceAll('\r\n', '\n');
  const [, label, base64] = PEM.exec(pem) ?? [];
  if (base64 === undefined) throw new Error(`its ${path} is no certificate or public key in PEM`);
  const der = readBytes(base64.replaceAll('\n', ''), path, MAX_BYTES);
  if (label === 'CERTIFICATE') return { form: 'certificate', der };
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
  return { form: 'public-key', der: key.export({ type: 'spki', format: 'der' }) };
}
