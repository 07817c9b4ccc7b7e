import { MAX_NOTE_BYTES } from '#lib/tlog/note.ts';
import { malformed, readBase64, readCount, readHash, readList, readMap, readText } from './answer.ts';

/** No tree of 2^53 entries has a longer inclusion proof. */
const MAX_HASHES = 64;
const MAX_BODY = 32 * 1024 * 1024;
const MAX_SIGNATURE = 8 * 1024;

/** An entry as the server gives it: nothing of it is proved, and its body is not looked at. */
export interface EntryAnswer {
  /** Lowercase hex: 16 digits of the tree's id and the leaf hash. */
  readonly treeHex: string;
  readonly leafHex: string;
  /** Through all trees of the server. */
  readonly globalIndex: number;
  readonly body: Buffer;
  /** The same as it came: canonical base64, which the timestamp is over. */
  readonly bodyText: string;
  /** Lowercase hex. */
  readonly logId: string;
  /** Seconds since the epoch, as the log claims. */
  readonly integratedTime: number;
  /** The signed entry timestamp (DER). */
  readonly timestamp: Buffer;
  readonly proof: {
    /** In its own tree. */
    readonly index: number;
    readonly size: number;
    readonly root: Buffer;
    readonly hashes: readonly Buffer[];
    /** The signed note. */
    readonly checkpoint: string;
  };
}

/** @throws {LogDataError} `malformed-answer` */
export function readEntryAnswer(value: unknown, what: string): EntryAnswer {
  const [only, ...more] = Object.entries(readMap(value, what));
  if (!only || more.length > 0) throw malformed(`${what}: an entry is a map with one key.`);
  const [uuid, content] = only;
  if (!/^[0-9a-f]{80}$/.test(uuid)) throw malformed(`${what}: the id of an entry is not 80 hex digits.`);
  const entry = readMap(content, what);
  const verification = readMap(entry.verification, `${what}: verification`);
  const proof = readMap(verification.inclusionProof, `${what}: inclusionProof`);
  return {
    treeHex: uuid.slice(0, 16),
    leafHex: uuid.slice(16),
    globalIndex: readCount(entry.logIndex, `${what}: logIndex`),
    body: readBase64(entry.body, `${what}: body`, MAX_BODY),
    bodyText: readText(entry.body, `${what}: body`, MAX_BODY),
    logId: readHash(entry.logID, `${what}: logID`).toString('hex'),
    integratedTime: readCount(entry.integratedTime, `${what}: integratedTime`),
    timestamp: readBase64(verification.signedEntryTimestamp, `${what}: signedEntryTimestamp`, MAX_SIGNATURE),
    proof: {
      index: readCount(proof.logIndex, `${what}: inclusionProof.logIndex`),
      size: readCount(proof.treeSize, `${what}: inclusionProof.treeSize`),
      root: readHash(proof.rootHash, `${what}: inclusionProof.rootHash`),
      hashes: readList(proof.hashes, `${what}: inclusionProof.hashes`, MAX_HASHES).map((hash) =>
        readHash(hash, `${what}: inclusionProof.hashes`),
      ),
      checkpoint: readText(proof.checkpoint, `${what}: inclusionProof.checkpoint`, MAX_NOTE_BYTES),
    },
  };
}
