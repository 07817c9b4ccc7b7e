import type { CertificateForm } from '#lib/watch/certificate-walk.ts';
import { TlsError, TlsReader, uintBytes, vectorBytes } from './tls-reader.ts';

/** What a certificate log says that it took, and when (RFC 6962, 3.4: MerkleTreeLeaf with a TimestampedEntry). */
export interface MerkleLeaf {
  /** Milliseconds since the epoch, by the word of the log. */
  readonly timestamp: number;
  readonly kind: 'x509' | 'precertificate';
  /** The certificate; of a precertificate its TBSCertificate without the poison extension. DER, not read yet. */
  readonly der: Uint8Array;
  /** Of a precertificate: SHA-256 of the key that issues it. */
  readonly issuerKeyHash: Uint8Array | null;
  /** CtExtensions: empty in RFC 6962 logs, the entry's index in static ones. */
  readonly extensions: Uint8Array;
}

const V1 = 0;
const TIMESTAMPED_ENTRY = 0;
const X509_ENTRY = 0;
const PRECERT_ENTRY = 1;
const HASH_BYTES = 32;

/** Reads the bytes that a leaf hash is made of. @throws {TlsError} for another version or kind, and where it is malformed. */
export function parseMerkleLeaf(bytes: Uint8Array): MerkleLeaf {
  const reader = new TlsReader(bytes);
  const version = reader.uint(1);
  if (version !== V1) throw new TlsError(`a leaf of version ${version}, of which only v1 is known`);
  const type = reader.uint(1);
  if (type !== TIMESTAMPED_ENTRY) throw new TlsError(`a leaf of type ${type}, which is not known`);
  const leaf = readTimestampedEntry(reader);
  reader.end();
  return leaf;
}

/** Reads a TimestampedEntry, and leaves what is behind it. @throws {TlsError} */
export function readTimestampedEntry(reader: TlsReader): MerkleLeaf {
  const timestamp = reader.uint(8);
  const entryType = reader.uint(2);
  if (entryType !== X509_ENTRY && entryType !== PRECERT_ENTRY) {
    throw new TlsError(`an entry of type ${entryType}, neither a certificate nor a precertificate`);
  }
  const issuerKeyHash = entryType === PRECERT_ENTRY ? reader.opaque(HASH_BYTES) : null;
  const der = reader.vector(3);
  if (der.length === 0) throw new TlsError('an entry without a certificate');
  const extensions = reader.vector(2);
  return { timestamp, kind: issuerKeyHash ? 'precertificate' : 'x509', der, issuerKeyHash, extensions };
}

/** The bytes of a leaf: what `parseMerkleLeaf` reads. */
export function encodeMerkleLeaf({ timestamp, der, issuerKeyHash, extensions }: Omit<MerkleLeaf, 'kind'>): Uint8Array {
  return Buffer.concat([
    uintBytes(V1, 1),
    uintBytes(TIMESTAMPED_ENTRY, 1),
    uintBytes(timestamp, 8),
    uintBytes(issuerKeyHash ? PRECERT_ENTRY : X509_ENTRY, 2),
    issuerKeyHash ?? new Uint8Array(),
    vectorBytes(der, 3),
    vectorBytes(extensions, 2),
  ]);
}

/** How the DER of a leaf is to be walked. */
export function formOf({ kind }: Pick<MerkleLeaf, 'kind'>): CertificateForm {
  return kind === 'x509' ? 'certificate' : 'tbs';
}
