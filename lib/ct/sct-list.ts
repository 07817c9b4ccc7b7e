import { TlsError, TlsReader } from './tls-reader.ts';

/** A certificate log's promise to hold a certificate (RFC 6962, 3.2). What it signs is verified elsewhere. */
export interface SignedTimestamp {
  /** Lowercase hex. */
  readonly logId: string;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  /** CtExtensions: they stand in the leaf too. */
  readonly extensions: Uint8Array;
}

const LEAF_INDEX = 0;
const V1 = 0;
const HASH_BYTES = 32;
/** Honest certificates have one or two. */
const MOST = 32;

/** Reads a SignedCertificateTimestampList (RFC 6962, 3.3); those of other versions than v1 are left out. @throws {TlsError} */
export function parseSctList(bytes: Uint8Array): SignedTimestamp[] {
  const outer = new TlsReader(bytes);
  const list = new TlsReader(outer.vector(2));
  outer.end();
  const found: SignedTimestamp[] = [];
  for (let i = 0; list.more; i++) {
    if (i === MOST) throw new TlsError(`more than ${MOST} timestamps`);
    const sct = new TlsReader(list.vector(2));
    if (sct.uint(1) !== V1) continue;
    const logId = Buffer.from(sct.opaque(HASH_BYTES)).toString('hex');
    const timestamp = sct.uint(8);
    const extensions = sct.vector(2);
    sct.opaque(2); // hash and signature algorithm
    sct.vector(2);
    sct.end();
    found.push({ logId, timestamp, extensions });
  }
  return found;
}

/**
 * The index at which a static certificate log has put the entry (C2SP static-ct-api, "SCT Extension"); null where the
 * extensions give none. @throws {TlsError}
 */
export function leafIndexOf(extensions: Uint8Array): number | null {
  const reader = new TlsReader(extensions);
  let index: number | null = null;
  while (reader.more) {
    const type = reader.uint(1);
    const data = new TlsReader(reader.vector(2));
    if (type !== LEAF_INDEX) continue;
    index = data.uint(5);
    data.end();
  }
  return index;
}
