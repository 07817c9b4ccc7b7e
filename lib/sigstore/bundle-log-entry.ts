import { hashLeaf } from '#lib/tlog/hash.ts';
import { malformed } from './bundle-error.ts';
import { isAbsent, readBytes, readCount, readList, readObject, readText } from './bundle-fields.ts';

const MAX_BODY_BYTES = 1024 * 1024;
const MAX_CHECKPOINT = 64 * 1024;
const MAX_SET_BYTES = 8 * 1024;
/** No tree of 2^53 entries has a longer inclusion proof; an honest one has at most 53. */
const MAX_PROOF_HASHES = 64;

/** What a bundle says of its place in a log. Nothing of it is proved before the bundle is verified. */
export interface BundleLogEntry {
  /** Lowercase hex of the log's id, 32 bytes. */
  readonly logId: string;
  readonly kind: string;
  readonly version: string;
  /** Rekor v1: the index over all shards, authenticated by the inclusion promise only. Rekor v2: by nothing. */
  readonly index: number;
  /** Milliseconds since the epoch, as the log claims; null where absent or 0, as in Rekor v2. */
  readonly integratedAt: number | null;
  /** The signed entry timestamp of Rekor v1. */
  readonly promise: Buffer | null;
  readonly proof: BundleInclusionProof | null;
  /** The entry as the log has it: what its leaf is made of. */
  readonly body: Buffer;
  /** Lowercase hex of SHA-256(0x00 || body). */
  readonly leafHash: string;
}

export interface BundleInclusionProof {
  /** The index in the shard: the one that the proof authenticates. */
  readonly index: number;
  readonly treeSize: number;
  readonly root: Buffer;
  readonly hashes: readonly Buffer[];
  /** The signed note; null in some v0.1 bundles, which then prove nothing by inclusion. */
  readonly checkpoint: string | null;
}

/** @throws {BundleError} `malformed-field` */
export function readLogEntry(value: unknown, path: string): BundleLogEntry {
  const entry = readObject(value, path);
  const kindVersion = readObject(entry.kindVersion, `${path}.kindVersion`);
  const logId = readHash(readObject(entry.logId, `${path}.logId`).keyId, `${path}.logId.keyId`);
  const body = readBytes(entry.canonicalizedBody, `${path}.canonicalizedBody`, MAX_BODY_BYTES);
  const integrated = readCount(entry.integratedTime, `${path}.integratedTime`);
  return {
    logId: logId.toString('hex'),
    kind: readText(kindVersion.kind, `${path}.kindVersion.kind`, 64),
    version: readText(kindVersion.version, `${path}.kindVersion.version`, 64),
    index: readCount(entry.logIndex, `${path}.logIndex`),
    integratedAt: integrated === 0 ? null : integrated * 1000,
    promise: readPromise(entry.inclusionPromise, `${path}.inclusionPromise`),
    proof: isAbsent(entry.inclusionProof) ? null : readProof(entry.inclusionProof, `${path}.inclusionProof`),
    body,
    leafHash: Buffer.from(hashLeaf(body)).toString('hex'),
  };
}

function readPromise(value: unknown, path: string): Buffer | null {
  if (isAbsent(value)) return null;
  return readBytes(readObject(value, path).signedEntryTimestamp, `${path}.signedEntryTimestamp`, MAX_SET_BYTES);
}

function readProof(value: unknown, path: string): BundleInclusionProof {
  const proof = readObject(value, path);
  const hashes = readList(proof.hashes, `${path}.hashes`, MAX_PROOF_HASHES);
  return {
    index: readCount(proof.logIndex, `${path}.logIndex`),
    treeSize: readCount(proof.treeSize, `${path}.treeSize`),
    root: readHash(proof.rootHash, `${path}.rootHash`),
    hashes: hashes.map((hash, i) => readHash(hash, `${path}.hashes[${i}]`)),
    checkpoint: isAbsent(proof.checkpoint) ? null : readCheckpoint(proof.checkpoint, `${path}.checkpoint`),
  };
}

function readCheckpoint(value: unknown, path: string): string {
  return readText(readObject(value, path).envelope, `${path}.envelope`, MAX_CHECKPOINT);
}

function readHash(value: unknown, path: string): Buffer {
  const hash = readBytes(value, path, 32);
  if (hash.length === 32) return hash;
  throw malformed(path, `has ${hash.length} bytes, not 32`);
}
